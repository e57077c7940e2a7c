import { route53Access } from "../dns/route53-zones.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { environmentCustomDomain } from "./environment-custom-domain.ts";

/** What Lambda calls. */
export const handler = toHandler(environmentCustomDomain(route53Access()));
