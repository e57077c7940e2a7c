import { isJobType } from "../../../model/names.ts";
import { Problem } from "../../../model/problem.ts";
import { renderFields, renderSection, renderTable } from "../../../terminal/table.ts";
import type { CommandRun } from "../../define.ts";
import { withApplication } from "../../open-application.ts";
import { orNull, printJson } from "../../report.ts";
import { selectEnvironment } from "../../select.ts";
import { toEnvironmentJson } from "../app/show.ts";
import type { flags } from "./show.command.ts";

/** Shows an environment: where it answers and what is deployed in it. */
export const run: CommandRun<typeof flags> = ({ flags }, context) => {
  if (flags.manifest && (flags.json || flags.resources))
    throw new Problem("flags-exclusive", "read --manifest: it goes neither with --json nor with --resources");
  return withApplication(context, { app: flags.app }, async (opened) => {
    const { application, session } = opened;
    const { out } = context.terminal;
    const environment = await selectEnvironment(context, opened, { name: flags.name, flag: "--name" });
    if (flags.manifest) {
      const state = await session.environmentState(environment);
      if (state.manifest === undefined)
        throw new Problem("not-deployed", `show the manifest of ${environment.name}: it was not deployed yet`, {
          hint: `run \`copilot env deploy --name ${environment.name}\``,
        });
      out.write(state.manifest);
      return;
    }
    const [state, deployed] = await Promise.all([session.environmentState(environment), session.deployedWorkloads(environment)]);
    const workloads = deployed.map(({ workload }) => ({ app: application.name, name: workload.name, type: workload.type }));
    const services = workloads.filter(({ type }) => !isJobType(type));
    const jobs = workloads.filter(({ type }) => isJobType(type));
    const resources = flags.resources ? deployed.flatMap((description) => description.resources) : [];
    if (flags.json) {
      printJson(context.terminal, {
        environment: toEnvironmentJson(environment),
        urls: state.urls,
        services: orNull(services),
        jobs: orNull(jobs),
        ...(resources.length === 0 ? {} : { resources: resources.map(({ type, physicalId }) => ({ type, physicalID: physicalId })) }),
        environmentVPC: { id: "", publicSubnetIDs: null, privateSubnetIDs: null },
      });
      return;
    }
    const sections = [
      renderSection(
        "About",
        renderFields([
          ["Name", environment.name],
          ["Target", environment.target],
          ["Region", environment.region ?? "-"],
          ["Account ID", environment.accountId ?? "-"],
          ["URL", state.urls.join("\n       or ") || "-"],
        ]),
        out.style,
      ),
      renderSection(
        "Workloads",
        renderTable(
          ["Name", "Type"],
          [...services, ...jobs].map(({ name, type }) => [name, type]),
          { indent: 2, minimum: 10 },
        ),
        out.style,
      ),
    ];
    if (flags.resources) {
      const rows = resources.map(({ type, physicalId }) => `  ${type.padEnd(20)}${physicalId}\n`).join("");
      sections.push(renderSection("Resources", rows, out.style));
    }
    out.write(sections.join("\n"));
  });
};
