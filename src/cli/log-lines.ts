import { Problem } from "../model/problem.ts";
import type { LogLine } from "../model/workload-status.ts";
import type { LogQuery } from "../targets/target.ts";
import type { CommandContext } from "./context.ts";
import { printJson } from "./report.ts";

/** The flags that choose lines. */
export interface LogFlags {
  readonly follow: boolean;
  /** Milliseconds; 0 means unset. */
  readonly since: number;
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly limit: number | undefined;
  readonly tasks: readonly string[];
}

/** Lines shown when neither a number nor a time is given. */
const defaultLimit = 10;

/** What the flags ask for. */
export function toLogQuery(flags: LogFlags, now: Date): LogQuery {
  if (flags.since > 0 && flags.startTime !== undefined) throw exclusive("--since", "--start-time");
  if (flags.since < 0)
    throw new Problem("invalid-flag", "read --since: it is before the beginning", { hint: "give a duration such as 1h" });
  if (flags.follow && flags.endTime !== undefined) throw exclusive("--follow", "--end-time");
  const start = flags.startTime === undefined ? undefined : toTime("--start-time", flags.startTime);
  const since = flags.since > 0 ? new Date(now.getTime() - flags.since).toISOString() : start;
  const until = flags.endTime === undefined ? undefined : toTime("--end-time", flags.endTime);
  const hasTime = since !== undefined || until !== undefined;
  const limit = flags.limit ?? (hasTime ? undefined : defaultLimit);
  return {
    follow: flags.follow,
    tasks: flags.tasks,
    previous: false,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(limit === undefined ? {} : { limit }),
  };
}

const exclusive = (one: string, other: string): Problem => new Problem("flags-exclusive", `read ${one}: it does not go with ${other}`);

function toTime(flag: string, text: string): string {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new Problem("invalid-flag", `read ${flag}: ${JSON.stringify(text)} is not a time of RFC 3339`, {
      hint: "write it like 2026-01-31T12:00:00Z",
    });
  return new Date(time).toISOString();
}

/** Characters of the stream's name in front of a line. */
const streamWidth = 25;

/** Prints lines as they come: the stream's name and the message, or an object a line. Ends with the lines or with Ctrl-C. */
export async function printLogs(
  context: CommandContext,
  lines: AsyncIterable<LogLine>,
  { json }: { readonly json: boolean },
): Promise<void> {
  const { out } = context.terminal;
  try {
    for await (const line of lines) {
      const name = `copilot/${line.container}/${line.task}`;
      const timestamp = Date.parse(line.at);
      if (json)
        printJson(context.terminal, "svc logs", { logStreamName: name, ingestionTime: timestamp, message: line.message, timestamp });
      else out.write(`${out.style.faint(name.slice(0, streamWidth))} ${paint(line.message, out.style)}\n`);
    }
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!context.signal.aborted) throw error;
  }
}

const paint = (message: string, style: CommandContext["terminal"]["out"]["style"]): string =>
  message
    .replaceAll(/\b(?:FATAL?|fatal|ERR|ERROR|error)\b/g, (word) => style.red(word))
    .replaceAll(/\b(?:WARN|warn|WARNING|warning)\b/g, (word) => style.yellow(word));
