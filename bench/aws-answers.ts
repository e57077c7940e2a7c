import { readInputs } from "../test/conformance/inputs.ts";
import { workspaceFiles } from "../test/conformance/workspace-files.ts";
import { startFakeAws } from "../test/fakes/aws/fake-aws.ts";
import { accountOf } from "../test/fakes/aws/workspace-account.ts";

/* Answers as AWS at once, with what the inputs.json of a workspace says, until it is ended. Prints its address. */
const [folder = "."] = process.argv.slice(2);
const { url } = await startFakeAws(accountOf(readInputs(folder), workspaceFiles(folder)));
console.log(url);
