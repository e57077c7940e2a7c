import type { Records } from "../../target.ts";
import { notYetOnAws } from "../not-yet.ts";
import type { LiveApplications } from "./live-application.ts";
import { readApplicationRecord, readWorkloadRecord, recordPaths } from "./records.ts";

/** The records of the home account. This version reads them only. */
export function createRecords(live: LiveApplications): Records {
  const list = async (path: string): Promise<readonly string[]> => (await live.home.parameters()).list(path);
  const refuseToWrite = (): Promise<never> => Promise.reject(notYetOnAws("change the records of an application"));
  return {
    applications: async () => (await list(recordPaths.applications)).map((text) => readApplicationRecord(text).application),
    application: async (name) => (await live.application(name))?.application,
    environments: async (application) => (await live.environments(application)).map(({ environment }) => environment),
    workloads: async (application) => (await list(recordPaths.workloads(application))).flatMap((text) => readWorkloadRecord(text) ?? []),
    putApplication: refuseToWrite,
    putEnvironment: refuseToWrite,
    putWorkload: refuseToWrite,
    deleteWorkload: refuseToWrite,
  };
}
