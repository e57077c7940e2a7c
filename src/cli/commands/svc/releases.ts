import { formatAge } from "../../../terminal/format-age.ts";
import { renderTable } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { withApplication } from "../../open-application.ts";
import { printJson } from "../../report.ts";
import { selectDeployed } from "../../select.ts";
import type { flags } from "./releases.command.ts";

/** Lists the releases of a service in an environment, the newest first. */
export const run: CommandRun<typeof flags> = ({ flags }, context) =>
  withApplication(context, { app: flags.app }, async (opened) => {
    const { environment, name } = await selectDeployed(context, opened, { name: flags.name, env: flags.env, kind: "service" });
    const releases = await opened.session.releases(environment, name);
    if (flags.json) {
      printJson(context.terminal, "svc releases", { releases });
      return;
    }
    const now = context.now();
    const rows = releases.map(({ revision, status, endedAt, startedAt, user, commit }) => [
      String(revision),
      status,
      formatAge(endedAt ?? startedAt, now),
      user,
      commit?.slice(0, 8) ?? "-",
    ]);
    context.terminal.out.write(renderTable(["Revision", "Status", "When", "User", "Commit"], rows, { minimum: 10 }));
  });
