import type { TemplateExtensions } from "../../target.ts";

/** Nothing beside the manifest. */
export const withoutExtensions: TemplateExtensions = { root: "/", addons: [], overrides: { kind: "none" } };
