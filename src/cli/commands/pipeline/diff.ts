import { compareDocuments, type Difference, type DocumentValue } from "../../../operations/compare-documents.ts";
import type { PendingChange } from "../../../pipelines/pipeline-api.ts";
import { renderDifference } from "../../../terminal/render-difference.ts";
import type { CommandRun } from "../../define.ts";
import { executionNumber, withPipeline } from "../../open-pipeline.ts";
import { orNull, printJson } from "../../report.ts";
import type { flags } from "./diff.command.ts";

/** Shows what the stage that waits for an approval would change in its environment. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withPipeline(context, { app: flags.app, name: flags.name }, async ({ pipelines, application, name }) => {
    const changes = await pipelines.diff(application.name, name, executionNumber(flags.execution));
    const compared = changes.map((change) => ({ ...change, difference: compare(change) }));
    if (flags.json) {
      const list = compared.map(({ stage, environment, workload, difference }) => ({
        stage,
        environment,
        workload,
        difference: difference ?? null,
      }));
      printJson(context.terminal, "pipeline diff", { changes: orNull(list) });
      return;
    }
    const { out } = context.terminal;
    if (compared.length === 0) out.write("Nothing is left to deploy.\n");
    for (const { environment, workload, after, difference } of compared) {
      out.write(`${out.style.bold(`${workload} in ${environment}`)}\n`);
      out.write(after === undefined ? "  The build left no document for it.\n" : renderDifference(difference, out.style));
    }
  });

function compare({ before, after }: PendingChange): Difference | undefined {
  if (after === undefined) return undefined;
  return compareDocuments(before === undefined ? {} : plain(before), plain(after));
}

/** A document as plain data, without the manifest that it was compiled from. */
function plain(document: object): DocumentValue {
  const value: DocumentValue = JSON.parse(JSON.stringify({ ...document, manifest: undefined, notices: undefined }));
  return value;
}
