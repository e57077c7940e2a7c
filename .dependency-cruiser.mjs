/**
 * The borders between folders (docs/architecture.md). Each rule has a file in test/fixtures/architecture that breaks it,
 * and test/architecture.test.ts expects every rule to fire there and none here.
 */
const only = (name, from, to, comment) => ({ name, severity: "error", comment, from: { path: from }, to: { path: to } });
const home = (name, library, folder, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: "^(src|dashboard)/", pathNot: folder },
  to: { path: library },
});

export default {
  forbidden: [
    {
      name: "no-cycle",
      severity: "error",
      comment: "Two files that need each other are one; a type alone is no need, so a command's function may know its flags.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("model-knows-nobody", "^src/model/", "^src/(?!model/)", "The nouns are pure."),
    only("plan-knows-the-model", "^src/plan/", "^src/(?!plan/|model/)", "A plan knows no target."),
    only(
      "manifest-knows-no-target",
      "^src/(manifest|workloads)/",
      "^src/(targets|cli|operations|control-plane|terminal|platform|state)/",
      "A workload type never knows a target.",
    ),
    only(
      "aws-knows-no-docker",
      "^src/targets/aws/",
      "^src/(targets/docker|control-plane|cli|operations|terminal)/",
      "A target never knows another.",
    ),
    only("docker-knows-no-aws", "^src/targets/docker/", "^src/(targets/aws|cli|operations|terminal)/", "A target never knows another."),
    only("control-plane-stands-alone", "^src/control-plane/", "^src/(cli|terminal|targets/aws)/", "It runs in a container of its own."),
    only(
      "operations-write-to-no-terminal",
      "^src/operations/",
      "^src/(cli|terminal)/",
      "Use cases serve the command line, the control plane and tests alike.",
    ),
    {
      name: "definitions-load-nothing",
      severity: "error",
      comment: "Help and completion import no implementation.",
      from: { path: "^src/cli/commands/.*\\.command\\.ts$" },
      to: { path: "^(src/(?!cli/|model/)|node_modules/)", dependencyTypesNot: ["type-only"], dynamic: false },
    },
    home(
      "aws-sdk-has-one-home",
      "(^|node_modules/)@aws-sdk/",
      "^src/targets/aws/(clients|custom-resources)/",
      "Only clients import the AWS SDK.",
    ),
    home(
      "caddy-and-http-server-home",
      "(^|node_modules/)(hono|@hono)/",
      "^(src/control-plane/|dashboard/)",
      "The control plane alone serves HTTP.",
    ),
    home("prompts-home", "(^|node_modules/)@clack/", "^src/(terminal|platform|cli)/", "Only the terminal asks questions."),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.test\\.ts$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
