import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openAwsSession } from "../src/targets/aws/open-session.ts";
import { loadWorkload } from "../src/workloads/load.ts";

/*
 * Packages every workload that it is given the name of, for every environment of the application, by one session with AWS. Prints the number
 * of files and the memory that it took at most, in MiB.
 */
const [folder = ".", functionsFolder = ".", ...workloads] = process.argv.slice(2);
const unused = (): Promise<never> => Promise.reject(new Error("the workspace has no CDK project"));
const machine = { run: unused, hasProgram: unused, exists: unused, write: unused };
const { session } = await openAwsSession({ variables: process.env, version: "bench", functionsFolder, machine });
let files = 0;
for (const { name: environment } of await session.records.environments("bench")) {
  for (const workload of workloads) {
    const file = `copilot/${workload}/manifest.yml`;
    const text = readFileSync(join(folder, file), "utf8");
    const spec = loadWorkload({ file, text, application: "bench", environment, variables: {} });
    if (!spec.ok) throw new Error(`${file} is refused`);
    const made = await session.packageWorkload(spec.value, { images: {}, envFiles: {} });
    files += made.files.length;
  }
}
console.log(JSON.stringify({ files, memory: process.resourceUsage().maxRSS / 1024 }));
