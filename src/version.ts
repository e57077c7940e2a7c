/** The version of this program; the build puts package.json's in place of the fallback. */
export const version: string = process.env["COPILOT_BUILD_VERSION"] ?? "0.0.0-dev";
