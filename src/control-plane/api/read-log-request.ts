import { Problem } from "../../model/problem.ts";
import type { LogRequest } from "../logs/log-reader.ts";

/** The query of `GET …/logs`. Times are ISO 8601. */
export function readLogRequest(query: (name: string) => string | undefined): LogRequest {
  const since = readTime("since", query("since"));
  const until = readTime("until", query("until"));
  const limit = query("limit");
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit))
    throw new Problem("request-invalid", `The request was refused: limit "${limit}" is no whole number`);
  const tasks = (query("tasks") ?? "").split(",").filter((task) => task !== "");
  const container = query("container");
  return {
    follow: isOn(query("follow")),
    previous: isOn(query("previous")),
    tasks,
    ...(container ? { container } : {}),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "false" && value !== "0";
}

function readTime(name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new Problem("request-invalid", `The request was refused: ${name} "${value}" is no ISO 8601 time`);
  return new Date(time).toISOString();
}
