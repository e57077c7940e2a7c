import { deleteWorkload } from "../../../operations/delete-workload.ts";
import { isOfKind } from "../../../operations/local-workloads.ts";
import { Problem } from "../../../model/problem.ts";
import type { CommandContext } from "../../context.ts";
import { confirmed } from "../../confirmed.ts";
import { findEnvironment, withApplication, type OpenedApplication } from "../../open-application.ts";
import { printJson, succeed } from "../../report.ts";

/** What `svc delete` and `job delete` are called with. */
export interface DeleteFlags {
  readonly app: string | undefined;
  readonly name: string | undefined;
  readonly env: string | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Deletes a workload from one environment, or from all and from the application. */
export const deleteOne = (kind: "service" | "job", flags: DeleteFlags, context: CommandContext): Promise<number> =>
  withApplication(context, { app: flags.app, jsonProgress: flags.json }, async (opened) => {
    const { application, session, progress } = opened;
    const name = await selectRegistered(context, opened, { name: flags.name, kind });
    session.refuseChange?.(`delete ${name}`);
    const environments =
      flags.env === undefined ? await session.records.environments(application.name) : [await findEnvironment(opened, flags.env)];
    const where =
      flags.env === undefined ? `the application ${application.name} and all of its environments` : `the environment ${flags.env}`;
    if (!(await confirmed(context, `Delete the ${kind} ${name} from ${where}?`, flags.yes))) return 0;
    await deleteWorkload(
      { application: application.name, name, environments, forget: flags.env === undefined },
      { session, now: context.now, signal: context.signal, tell: progress.tell },
    );
    progress.close();
    if (flags.json) printJson(context.terminal, kind === "job" ? "job delete" : "svc delete", { type: "result", deleted: name });
    else succeed(context.terminal, `Deleted the ${kind} ${name} from ${where}.`);
    return 0;
  });

async function selectRegistered(
  context: CommandContext,
  { session, application }: OpenedApplication,
  wish: { readonly name: string | undefined; readonly kind: "service" | "job" },
): Promise<string> {
  const names = (await session.records.workloads(application.name)).filter(({ type }) => isOfKind(type, wish.kind)).map(({ name }) => name);
  if (wish.name !== undefined) {
    if (names.includes(wish.name)) return wish.name;
    throw new Problem(`${wish.kind}-not-found`, `look for the ${wish.kind} ${wish.name}: ${application.name} has no such ${wish.kind}`, {
      hint: `run \`copilot ${wish.kind === "job" ? "job" : "svc"} ls\` to see what it has`,
    });
  }
  const [only] = names;
  if (only === undefined) throw new Problem(`no-${wish.kind}`, `look for a ${wish.kind}: ${application.name} has none`);
  if (names.length === 1) {
    context.terminal.err.write(`Only found one ${wish.kind}, taking ${only}.\n`);
    return only;
  }
  return context.prompts.select({
    message: `Which ${wish.kind}?`,
    flag: "--name",
    choices: names.map((value) => ({ value, label: value })),
  });
}
