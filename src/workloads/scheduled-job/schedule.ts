import { parseDuration } from "../../model/duration.ts";
import type { Schedule } from "../../model/workload-spec.ts";

/** A schedule, or why a text is none. */
export type ReadSchedule = { readonly ok: true; readonly schedule: Schedule } | { readonly ok: false; readonly problem: string };

const presets: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fields = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of the month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: months },
  { name: "day of the week", min: 0, max: 6, names: days },
] as const;

type CronField = (typeof fields)[number];

const refuse = (problem: string): ReadSchedule => ({ ok: false, problem });
const accept = (schedule: Schedule): ReadSchedule => ({ ok: true, schedule });

/** Reads every form of `on.schedule`: cron, `@every 10m`, `@daily` and its like, `rate(…)`, `cron(…)`, `none`. */
export function readSchedule(written: string): ReadSchedule {
  if (written === "") return refuse("it is empty");
  if (written === "none") return accept({ kind: "none" });
  if (/(?:rate|cron)\(.*\)|none/.test(written)) return accept({ kind: "aws", expression: written });
  if (written.startsWith("@every ")) return readInterval(written.slice("@every ".length));
  if (written.startsWith("@")) {
    const expression = Object.hasOwn(presets, written) ? presets[written] : undefined;
    return expression === undefined
      ? refuse(`there is no preset \`${written}\`; there are ${Object.keys(presets).join(", ")} and \`@every 10m\``)
      : accept({ kind: "cron", expression });
  }
  return readCron(written);
}

function readInterval(duration: string): ReadSchedule {
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined) return refuse(`\`${duration}\` is no duration such as \`1h30m\``);
  const minutes = milliseconds / 60_000;
  if (!Number.isInteger(minutes)) return refuse(`\`${duration}\` is not a whole number of minutes`);
  return minutes < 1 ? refuse(`\`${duration}\` is less than a minute`) : accept({ kind: "rate", minutes });
}

function readCron(written: string): ReadSchedule {
  const parts = written.trim().split(/\s+/);
  if (parts.length !== fields.length)
    return refuse(`a cron expression has ${fields.length} fields (minute, hour, day, month, weekday), and this has ${parts.length}`);
  for (const [index, field] of fields.entries()) {
    const problem = cronFieldProblem(parts[index] ?? "", field);
    if (problem !== undefined) return refuse(problem);
  }
  if (isRestricted(parts[2]) && isRestricted(parts[4]))
    return refuse("it gives both a day of the month and a day of the week, and only one of them can be given");
  return accept({ kind: "cron", expression: parts.join(" ") });
}

const isRestricted = (part: string | undefined): boolean => !/[*?]/.test(part ?? "");

function cronFieldProblem(part: string, field: CronField): string | undefined {
  for (const item of part.split(",")) {
    const [range = "", step, ...rest] = item.split("/");
    if (rest.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) return `\`${item}\` is no ${field.name}`;
    if (range === "*" || range === "?") continue;
    const bounds = range.split("-").map((bound) => cronValue(bound, field));
    const [low, high = low] = bounds;
    if (bounds.length > 2 || low === undefined || high === undefined || low > high) return `\`${item}\` is no ${field.name}`;
  }
  return undefined;
}

function cronValue(text: string, field: CronField): number | undefined {
  const named = field.names.findIndex((name) => name === text.toLowerCase());
  if (named !== -1) return named + field.min;
  const value = /^\d+$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= field.min && value <= field.max ? value : undefined;
}
