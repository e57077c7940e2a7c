import type { TaskStatus, WorkloadStatus } from "../../../model/workload-status.ts";
import { Problem } from "../../../model/problem.ts";
import { renderFields } from "../../../terminal/table.ts";
import { formatAge } from "../../../terminal/format-age.ts";
import type { Style } from "../../../terminal/style.ts";
import type { CommandRun } from "../../define.ts";
import type { JsonOutputs } from "../../json-outputs.ts";
import { withApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import { renderPage, tableSection, type Section } from "../../show-page.ts";
import type { flags } from "./status.command.ts";

/** Shows how a deployed service is. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    const status = await opened.session.workloadStatus(environment, name);
    if (status === undefined)
      throw new Problem("not-deployed", `show the status of ${name}: it is not deployed in ${environment.name}`, {
        hint: `run \`copilot svc deploy --name ${name} --env ${environment.name}\``,
      });
    const { out } = context.terminal;
    if (flags.json) printJson(context.terminal, "svc status", toJson(status));
    else out.write(renderPage(toSections(status, { style: out.style, now: context.now() }), out.style));
  });

function toJson(status: WorkloadStatus): JsonOutputs["svc status"] {
  const { deployment, site } = status;
  if (site !== undefined) return { bucketName: status.workload.name, totalSize: `${site.bytes} B`, totalObjects: site.objects };
  const taskDefinition = `${status.workload.name}:${deployment.revision}`;
  return {
    Service: {
      desiredCount: status.desiredCount,
      runningCount: status.runningCount,
      status: status.pausedSince === undefined ? "ACTIVE" : "PAUSED",
      deployments: [
        {
          id: String(deployment.revision),
          desiredCount: status.desiredCount,
          runningCount: status.tasks.filter(({ revision, state }) => revision === deployment.revision && state === "running").length,
          updatedAt: deployment.endedAt ?? deployment.startedAt,
          launchType: "DOCKER",
          taskDefinition,
          status: "PRIMARY",
        },
      ],
      lastDeploymentAt: deployment.endedAt ?? deployment.startedAt,
      taskDefinition,
    },
    tasks: orNull(status.tasks.map((task) => toTaskJson(task, status))),
    alarms: null,
    stoppedTasks: orNull(status.stoppedTasks.map((task) => toTaskJson(task, status))),
    targetHealthDescriptions: null,
    ...(status.lastFailure === undefined ? {} : { lastFailure: status.lastFailure }),
  };
}

const toTaskJson = (task: TaskStatus, status: WorkloadStatus) => ({
  health: task.health.toUpperCase(),
  id: task.id,
  images: task.containers.map(({ image, imageId }) => ({ ID: image, Digest: imageId })),
  lastStatus: task.state.toUpperCase(),
  startedAt: task.startedAt ?? null,
  stoppedAt: task.stoppedAt ?? null,
  stoppedReason: task.stoppedReason ?? "",
  capacityProvider: "",
  taskDefinitionARN: `${status.workload.name}:${task.revision}`,
});

/** Cells of a bar. */
const barWidth = 10;

function bar(part: number, whole: number, style: Style): string {
  const full = whole === 0 ? 0 : Math.min(barWidth, Math.floor((part / whole) * barWidth));
  return style.green("█".repeat(full) + "░".repeat(barWidth - full));
}

function toSections(status: WorkloadStatus, { style, now }: Look): readonly Section[] {
  if (status.site !== undefined) {
    const { objects, bytes } = status.site;
    return [
      [
        "Site Summary",
        renderFields([
          ["Total Objects", String(objects)],
          ["Total Size", formatBytes(bytes)],
        ]),
      ],
    ];
  }
  const tasks = status.tasks.map(({ id, state, revision, startedAt, health }) => [
    id.slice(0, 8),
    state.toUpperCase(),
    String(revision),
    ageOf(startedAt, now),
    health === "none" ? "-" : health.toUpperCase(),
  ]);
  return [
    ["Task Summary", renderFields(summaryOf(status, { style, now }))],
    ...(status.stoppedTasks.length === 0
      ? []
      : [
          tableSection("Stopped Tasks", {
            header: ["ID", "Revision", "Stopped At", "Reason"],
            rows: stoppedRows(status.stoppedTasks, now),
            width: 12,
          }),
        ]),
    tableSection("Tasks", { header: ["ID", "Status", "Revision", "Started At", "Health"], rows: tasks, width: 12 }),
  ];
}

interface Look {
  readonly style: Style;
  readonly now: Date;
}

function summaryOf(status: WorkloadStatus, { style, now }: Look): readonly (readonly [string, string])[] {
  const { runningCount, desiredCount, deployment, pausedSince } = status;
  const healthy = status.tasks.filter(({ health, state }) => state === "running" && health === "healthy").length;
  const isChecked = status.tasks.some(({ health }) => health !== "none");
  return [
    ["Running", `${bar(runningCount, desiredCount, style)}  ${runningCount}/${desiredCount} desired tasks are running`],
    ...(isChecked ? [["Health", `${bar(healthy, desiredCount, style)}  ${healthy}/${desiredCount} passes health checks`] as const] : []),
    ...(pausedSince === undefined ? [] : [["Paused", `${formatAge(pausedSince, now)}; \`copilot svc resume\` lets it run again`] as const]),
    ["Revision", `${deployment.revision}, ${deployment.status} ${formatAge(deployment.endedAt ?? deployment.startedAt, now)}`],
  ];
}

/** The task that stopped last comes first. */
const stoppedRows = (tasks: readonly TaskStatus[], now: Date): readonly (readonly string[])[] =>
  tasks
    .toSorted((a, b) => ((a.stoppedAt ?? "") < (b.stoppedAt ?? "") ? 1 : -1))
    .map(({ id, revision, stoppedAt, stoppedReason }) => [id.slice(0, 8), String(revision), ageOf(stoppedAt, now), stoppedReason ?? "-"]);

const ageOf = (time: string | undefined, now: Date): string => (time === undefined ? "-" : formatAge(time, now));

function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step] ?? "B"}`;
}
