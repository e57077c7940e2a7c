import { Problem } from "../../model/problem.ts";
import type { ErrorBody } from "../../targets/docker/protocol.ts";
import { EngineError } from "../engine/engine.ts";

/** An error as clients get it: what a person can fix in full, of a defect only what it says. */
export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof Problem)
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  if (error instanceof EngineError) return { code: error.status === 0 ? "engine-unreachable" : "engine-refused", message: error.message };
  if (error instanceof Error && "code" in error && error.code === "ENOSPC")
    return {
      code: "disk-full",
      message: "Nothing was changed: the disk that the control plane writes to is full",
      hint: "docker system df",
    };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
