import { acmIn } from "../certificates/acm-certificates.ts";
import { toHandler } from "../lambda/custom-resource.ts";
import { certificateReplicator } from "./certificate-replicator.ts";

/** What Lambda calls. */
export const certificateReplicateHandler = toHandler(certificateReplicator(acmIn));
