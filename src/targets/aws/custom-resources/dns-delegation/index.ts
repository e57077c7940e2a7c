import { route53Access } from "../dns/route53-zones.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { dnsDelegation } from "./dns-delegation.ts";

/** What Lambda calls. */
export const domainDelegationHandler = toHandler(dnsDelegation(route53Access()));
