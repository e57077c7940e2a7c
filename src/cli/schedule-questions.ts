import { parseDuration } from "../model/duration.ts";
import { Problem } from "../model/problem.ts";
import type { Prompts } from "../terminal/prompts.ts";
import { readSchedule } from "../workloads/scheduled-job/schedule.ts";

const flag = "--schedule";

/** Asks when a job runs: at a rate, or at fixed times. Answers as `on.schedule` is written. */
export async function askSchedule(prompts: Prompts): Promise<string> {
  const kind = await prompts.select<"rate" | "fixed">({
    message: "How is the job scheduled?",
    flag,
    choices: [
      { value: "rate", label: "Rate", hint: "again after a span of time" },
      { value: "fixed", label: "Fixed schedule", hint: "at times of the day, week or month" },
    ],
  });
  return kind === "rate" ? askRate(prompts) : askFixed(prompts);
}

/** A schedule that a manifest may hold, as it was given. Fails with what is wrong with it otherwise. */
export function requireSchedule(written: string): string {
  const problem = scheduleProblem(written);
  if (problem === undefined) return written;
  throw new Problem("invalid-schedule", `take the schedule ${JSON.stringify(written)}: ${problem}`, {
    hint: `give ${flag} such as "0 9 * * 1", "@daily" or "@every 1h30m"`,
  });
}

function scheduleProblem(written: string): string | undefined {
  const read = readSchedule(written);
  return read.ok ? undefined : read.problem;
}

async function askRate(prompts: Prompts): Promise<string> {
  const check = (text: string): string | undefined => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds >= 60_000 && milliseconds % 60_000 === 0
      ? undefined
      : "whole minutes, such as 90m or 1h30m";
  };
  return `@every ${await prompts.text({ message: "How long between two runs?", flag, default: "1h30m", check })}`;
}

async function askFixed(prompts: Prompts): Promise<string> {
  const preset = await prompts.select({
    message: "When does it run?",
    flag,
    choices: [
      { value: "custom", label: "Custom", hint: "a cron expression" },
      { value: "@hourly", label: "Hourly", hint: "at minute 0" },
      { value: "@daily", label: "Daily", hint: "at midnight UTC" },
      { value: "@weekly", label: "Weekly", hint: "Sunday, midnight UTC" },
      { value: "@monthly", label: "Monthly", hint: "the first, midnight UTC" },
      { value: "@yearly", label: "Yearly", hint: "1 January, midnight UTC" },
    ],
  });
  return preset === "custom" ? askCron(prompts) : preset;
}

async function askCron(prompts: Prompts): Promise<string> {
  const expression = await prompts.text({ message: "Which cron expression?", flag, default: "0 * * * *", check: scheduleProblem });
  const right = await prompts.confirm({ message: `It runs ${describeCron(expression)}. Is that right?`, flag, default: true });
  return right ? expression : askCron(prompts);
}

/** A cron expression field by field, in words. */
export function describeCron(expression: string): string {
  const [minute = "*", hour = "*", day = "*", month = "*", weekday = "*"] = expression.trim().split(/\s+/);
  const at =
    /^\d+$/.test(minute) && /^\d+$/.test(hour)
      ? `at ${hour.padStart(2, "0")}:${minute.padStart(2, "0")} UTC`
      : `${part("minute", minute)} of ${part("hour", hour)} (UTC)`;
  const days = day === "*" ? [] : [`on ${part("day", day)} of the month`];
  const months = month === "*" ? [] : [`in ${part("month", month)}`];
  const weekdays = weekday === "*" ? [] : [`on ${part("weekday", weekday)}`];
  return [at, ...days, ...months, ...weekdays].join(" ");
}

function part(unit: string, field: string): string {
  if (field === "*") return `every ${unit}`;
  const step = /^\*\/(\d+)$/.exec(field)?.[1];
  return step === undefined ? `${unit} ${field}` : `every ${step}th ${unit}`;
}
