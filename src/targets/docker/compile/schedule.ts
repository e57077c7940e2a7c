import type { Schedule } from "../../../model/workload-spec.ts";
import type { ScheduleDocument } from "../stack-document.ts";

/** A schedule as the control plane runs it, and what of it was given up on the way. */
export interface CompiledSchedule {
  readonly schedule: ScheduleDocument;
  /** What is not kept to, as the end of a sentence. */
  readonly lost?: string;
}

const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/** EventBridge counts the days of the week from 1 for Sunday, cron from 0. A number behind `#` counts weeks and stays. */
const toCronWeekday = (field: string): string =>
  field.replaceAll(/(#?)(\d+)/g, (text, hash: string, digits: string) => (hash === "#" ? text : String((Number(digits) + 6) % 7)));

const any = (field: string): string => (field === "?" ? "*" : field);

function toCron(fields: readonly string[]): CompiledSchedule {
  const [minute = "*", hour = "*", dayOfMonth = "*", month = "*", dayOfWeek = "*", year = "*"] = fields;
  // The steps of `1-5/2` are counts, not days.
  const [days = "*", ...steps] = any(dayOfWeek).split("/");
  const weekday = [toCronWeekday(days), ...steps].join("/");
  const schedule = { kind: "cron", expression: [minute, hour, any(dayOfMonth), month, weekday].join(" ") } as const;
  return year === "*" || year === "?" ? { schedule } : { schedule, lost: `the year ${year}: it runs every year` };
}

/** The schedule as Docker's control plane runs it; expressions of EventBridge become cron fields or a rate. */
export function compileSchedule(schedule: Schedule): CompiledSchedule {
  if (schedule.kind !== "aws") return { schedule };
  const rate = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(schedule.expression);
  if (rate !== null) return { schedule: { kind: "rate", minutes: Number(rate[1]) * (minutesOf[rate[2] ?? ""] ?? 1) } };
  const cron = /^cron\((.*)\)$/.exec(schedule.expression);
  if (cron !== null) return toCron((cron[1] ?? "").trim().split(/\s+/));
  return { schedule: { kind: "none" }, lost: `the schedule ${schedule.expression}: it runs only when asked` };
}
