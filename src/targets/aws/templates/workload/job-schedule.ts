import { Problem } from "../../../../model/problem.ts";
import type { Schedule } from "../../../../model/workload-spec.ts";
import { getAtt, ref } from "../../cloudformation/intrinsics.ts";
import { assumedByService } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import type { EcsWorkload } from "./ecs-workload.ts";
import { permissionsBoundary, rolePolicy } from "./roles.ts";

/** The rule that starts a job. A job without a schedule keeps its rule, switched off. */
export const jobSchedule = ({ spec, facts }: EcsWorkload): Resources => ({
  Rule: resource(
    "AWS::Events::Rule",
    {
      ...(spec.job?.schedule.kind === "none"
        ? { ScheduleExpression: "rate(5 minutes)", State: "DISABLED" }
        : { ScheduleExpression: ref("Schedule"), State: "ENABLED" }),
      Targets: [{ Arn: ref("StateMachine"), Id: "statemachine", RoleArn: getAtt("RuleRole", "Arn") }],
    },
    { description: "A rule that starts your job" },
  ),
  RuleRole: resource("AWS::IAM::Role", {
    AssumeRolePolicyDocument: assumedByService("events.amazonaws.com"),
    PermissionsBoundary: permissionsBoundary(facts),
    Policies: [rolePolicy("EventRulePolicy", { Effect: "Allow", Action: "states:StartExecution", Resource: ref("StateMachine") })],
  }),
});

/** A schedule as EventBridge writes it; `none` for a job that never starts by itself. */
export function toScheduleExpression(schedule: Schedule): string {
  switch (schedule.kind) {
    case "none":
      return "none";
    case "aws":
      return schedule.expression;
    case "rate":
      return `rate(${schedule.minutes} ${schedule.minutes === 1 ? "minute" : "minutes"})`;
    case "cron":
      return toAwsCron(schedule.expression);
  }
}

const isAny = (field: string): boolean => /[*?]/.test(field);

/** EventBridge counts days of the week from 1, has a sixth field for the year, and wants one of the two day fields to be `?`. */
function toAwsCron(expression: string): string {
  const [minute = "*", hour = "*", dayOfMonth = "*", month = "*", dayOfWeek = "*"] = expression.trim().split(/\s+/);
  if (!isAny(dayOfMonth) && !isAny(dayOfWeek))
    throw new Problem(
      "schedule-unsupported",
      `The schedule "${expression}" cannot run on AWS: it sets both a day of the month and a day of the week`,
      {
        hint: 'Put "*" in one of the two fields.',
      },
    );
  const weekdays = dayOfWeek.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 1));
  const days = isAny(dayOfWeek) ? { ofMonth: isAny(dayOfMonth) ? "*" : dayOfMonth, ofWeek: "?" } : { ofMonth: "?", ofWeek: weekdays };
  return `cron(${minute} ${hour} ${days.ofMonth} ${month} ${days.ofWeek} *)`;
}
