import type { WorkloadType } from "../model/names.ts";
import { backendService } from "./backend-service/definition.ts";
import type { WorkloadKind } from "./define.ts";
import { loadBalancedWebService } from "./load-balanced-web-service/definition.ts";
import { requestDrivenWebService } from "./request-driven-web-service/definition.ts";
import { scheduledJob } from "./scheduled-job/definition.ts";
import { staticSite } from "./static-site/definition.ts";
import { workerService } from "./worker-service/definition.ts";

/** Every workload type. */
export const workloadKinds: Readonly<Record<WorkloadType, WorkloadKind>> = {
  "Load Balanced Web Service": loadBalancedWebService,
  "Request-Driven Web Service": requestDrivenWebService,
  "Backend Service": backendService,
  "Worker Service": workerService,
  "Static Site": staticSite,
  "Scheduled Job": scheduledJob,
};
