import { isOfKind, listLocalWorkloads } from "../../../operations/local-workloads.ts";
import { renderTable } from "../../../terminal/table.ts";
import type { CommandContext } from "../../context.ts";
import { requireWorkspace, withApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";

/** What `svc ls` and `job ls` are called with. */
export interface ListFlags {
  readonly app: string | undefined;
  readonly local: boolean;
  readonly json: boolean;
}

/** Lists the workloads of a kind. */
export const listOfKind = (kind: "service" | "job", flags: ListFlags, context: CommandContext): Promise<void> =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { application, session } = opened;
    const here = flags.local ? (await listLocalWorkloads(context.files, requireWorkspace(opened).root)).map(({ name }) => name) : undefined;
    const workloads = (await session.records.workloads(application.name))
      .filter(({ type, name }) => isOfKind(type, kind) && (here === undefined || here.includes(name)))
      .map(({ name, type }) => ({ app: application.name, name, type }));
    if (flags.json) printJson(context.terminal, { [`${kind}s`]: orNull(workloads) });
    else
      context.terminal.out.write(
        renderTable(
          ["Name", "Type"],
          workloads.map(({ name, type }) => [name, type]),
          { minimum: 20 },
        ),
      );
  });
