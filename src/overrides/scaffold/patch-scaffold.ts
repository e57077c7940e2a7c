import { PATCH_FILE } from "../override-kind.ts";
import type { OverridableResource } from "./overridable-resource.ts";
import type { ScaffoldFile } from "./scaffold-file.ts";

const INTRODUCTION = `# Changes to the CloudFormation template of this folder's owner, made in this order before it is deployed.
#
# Each entry has an operation (add, replace or remove), the way to a value from the top of the template, and the new value.
# A number in a path is a position in a list, counted from 0; \`-\` adds at the end; \`~1\` stands for a slash in a key.
# Take the marks away to make one of these examples work.
`;

const EXAMPLES = `
# - op: add
#   path: /Resources/Service/Properties/Tags/-
#   value:
#     Key: team
#     Value: !Sub '\${AppName}-owners'

# - op: replace
#   path: /Resources/LogGroup/Properties/RetentionInDays
#   value: 90

# - op: remove
#   path: /Resources/DiscoveryService
`;

const README = `# Overrides by patches

\`${PATCH_FILE}\` is a list of edits to the CloudFormation template which Copilot renders from the manifest.

| operation | what it does |
|---|---|
| \`add\` | sets a key of a map, or puts an entry into a list before the given position (\`-\`: at the end) |
| \`replace\` | gives another value to something that is there |
| \`remove\` | takes something away |

Paths are JSON pointers (RFC 6901); values may use \`!Ref\`, \`!Sub\` and the other functions of CloudFormation.

- \`copilot <noun> package\` shows the template with the edits.
- \`copilot <noun> package --diff\` compares it with what is deployed.

An edit that does not fit the template stops the command and is named with its line.
`;

/** The files of a folder of patches, with an example to start from for each chosen resource. */
export function renderPatchScaffold(resources: readonly OverridableResource[]): readonly ScaffoldFile[] {
  const chosen = resources.map(
    ({ logicalId, type }) => `
# ${type}
# - op: add
#   path: /Resources/${logicalId}/Properties/<property>
#   value: <value>
`,
  );
  const examples = chosen.length === 0 ? EXAMPLES : chosen.join("");
  return [
    { path: PATCH_FILE, content: `${INTRODUCTION}${examples}` },
    { path: "README.md", content: README },
  ];
}
