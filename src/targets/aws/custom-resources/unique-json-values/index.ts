import { toHandler } from "../lambda/custom-resource.ts";
import { uniqueJsonValues } from "./unique-json-values.ts";

/** What Lambda calls. */
export const handler = toHandler(uniqueJsonValues());
