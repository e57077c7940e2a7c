import { route53Access } from "../dns/route53-zones.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { workloadCustomDomain } from "./workload-custom-domain.ts";

/** What Lambda calls. */
export const handler = toHandler(workloadCustomDomain(route53Access()));
