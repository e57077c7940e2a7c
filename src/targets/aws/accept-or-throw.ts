import type { Checked } from "../../model/diagnostic.ts";
import { Problem } from "../../model/problem.ts";

/** The value of a check; its complaints are thrown as one `Problem`. `what` was being done. */
export function acceptOrThrow<T>(code: string, what: string, checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  const { diagnostics } = checked;
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  throw new Problem(code, `${what}: ${errors} ${errors === 1 ? "error" : "errors"}`, { diagnostics });
}
