import { Problem } from "../../../model/problem.ts";
import type { LiveApplications } from "./live-application.ts";
import type { ApplicationRecord } from "./records.ts";

/** The record of an application. Throws a `Problem` when there is none. */
export async function requireApplication(live: LiveApplications, name: string): Promise<ApplicationRecord> {
  const found = await live.application(name);
  if (found !== undefined) return found;
  throw new Problem("application-not-found", `look for the application ${name}: ${live.home.region} has no record of it`, {
    hint: "set AWS_REGION and the credentials to where the application was made",
  });
}
