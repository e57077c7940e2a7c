import { acmIn } from "../certificates/acm-certificates.ts";
import { route53Access } from "../dns/route53-zones.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { environmentCertificate } from "./environment-certificate.ts";

/** What Lambda calls. */
export const certificateRequestHandler = toHandler(environmentCertificate({ zones: route53Access(), certificatesIn: acmIn }));
