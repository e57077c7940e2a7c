import type {
  ExecutionLogLine,
  ExecutionLogQuery,
  ExecutionStreamEvent,
  ExecutionView,
  PendingChange,
  PipelineClient,
  PipelineDescription,
  PipelineRegistered,
  WorkloadDecision,
} from "../../pipelines/pipeline-api.ts";
import type { ExecutionState } from "../../pipelines/execution/state.ts";
import { apiPath, type ControlPlaneClient } from "./client.ts";

/** What a client of pipelines is made of. */
export interface PipelineClientParts {
  readonly client: ControlPlaneClient;
  /** Where the control plane answers, with what it wants to see. */
  readonly address: { readonly port: number; readonly token: string };
  readonly ensureImages: () => Promise<Readonly<Record<string, string>>>;
}

/** Pipelines over the control plane's API. */
export function createPipelineClient({ client, address, ensureImages }: PipelineClientParts): PipelineClient {
  const path = (application: string, ...rest: readonly string[]): string => apiPath("applications", application, ...rest);
  const one = (application: string, name: string, number: number | "latest", ...rest: readonly string[]): string =>
    path(application, "pipelines", name, "executions", String(number), ...rest);
  return {
    list: (application) => client.call<PipelineDescription[]>("GET", path(application, "pipelines")),
    find: (application, name) => client.find<PipelineDescription>(path(application, "pipelines", name)),
    register: (registration) =>
      client.call<PipelineRegistered>("PUT", path(registration.pipeline.application, "pipelines", registration.pipeline.name), {
        body: registration,
      }),
    remove: (application, name, user) => client.call("DELETE", `${path(application, "pipelines", name)}?user=${encodeURIComponent(user)}`),
    run: (application, name, request) =>
      client.call<ExecutionView>("POST", path(application, "pipelines", name, "executions"), { body: request }),
    executions: (application, name, limit) =>
      client.call<ExecutionState[]>("GET", `${path(application, "pipelines", name, "executions")}?limit=${limit}`),
    execution: (application, name, number) => client.call<ExecutionView>("GET", one(application, name, number)),
    follow: (application, name, number, signal) =>
      client.stream<ExecutionStreamEvent>("GET", one(application, name, number, "events"), { signal }),
    logs: (application, name, query, signal) =>
      client.stream<ExecutionLogLine>("GET", `${one(application, name, query.number, "logs")}?${toQuery(query).toString()}`, { signal }),
    answer: (application, name, number, body) => client.call<ExecutionView>("POST", one(application, name, number, "approval"), { body }),
    stop: (application, name, number, body) => client.call<ExecutionView>("POST", one(application, name, number, "stop"), { body }),
    retry: (application, name, number, body) => client.call<ExecutionView>("POST", one(application, name, number, "retry"), { body }),
    diff: (application, name, number) => client.call<PendingChange[]>("GET", one(application, name, number, "diff")),
    why: (application, workload) => client.call<WorkloadDecision[]>("GET", path(application, "why", workload)),
    putSecret: (application, name, value) =>
      client.call("PUT", path(application, "pipeline-secrets", name), { body: { value, overwrite: true } }),
    gitRemote: (application) => ({
      url: `http://127.0.0.1:${address.port}/git/${encodeURIComponent(application)}`,
      username: "copilot",
      password: address.token,
    }),
    ensureImages,
  };
}

function toQuery({ stage, action, follow }: ExecutionLogQuery): URLSearchParams {
  const query = new URLSearchParams();
  if (stage !== undefined) query.set("stage", stage);
  if (action !== undefined) query.set("action", action);
  if (follow) query.set("follow", "true");
  return query;
}
