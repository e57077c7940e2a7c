import { findLocalWorkloads, isOfKind } from "../../../operations/local-workloads.ts";
import { renderTable } from "../../../terminal/table.ts";
import type { CommandContext } from "../../context.ts";
import { requireWorkspace, withApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { tellUnreadable } from "../../select.ts";

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
    const local = flags.local ? await findLocalWorkloads(context.files, requireWorkspace(opened).root) : undefined;
    if (local !== undefined) tellUnreadable(context, local);
    const here = local?.workloads.map(({ name }) => name);
    const workloads = (await session.records.workloads(application.name))
      .filter(({ type, name }) => isOfKind(type, kind) && (here === undefined || here.includes(name)))
      .map(({ name, type }) => ({ app: application.name, name, type }));
    if (flags.json && kind === "job") printJson(context.terminal, "job ls", { jobs: orNull(workloads) });
    else if (flags.json) printJson(context.terminal, "svc ls", { services: orNull(workloads) });
    else
      context.terminal.out.write(
        renderTable(
          ["Name", "Type"],
          workloads.map(({ name, type }) => [name, type]),
          { minimum: 20 },
        ),
      );
  });
