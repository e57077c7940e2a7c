import { CDK_FILE } from "../override-kind.ts";
import type { OverridableResource } from "./overridable-resource.ts";
import type { ScaffoldFile } from "./scaffold-file.ts";

/** What a CDK project is scaffolded for. */
export interface CdkScaffold {
  readonly resources: readonly OverridableResource[];
  /** Whether the template belongs to an environment; a pipeline's does not. */
  readonly hasEnvironment: boolean;
}

/** The files of a CDK project with one method for each chosen resource. It synthesizes the template unchanged until somebody edits it. */
export function renderCdkScaffold(scaffold: CdkScaffold): readonly ScaffoldFile[] {
  return [
    { path: "bin/override.ts", content: renderEntry(scaffold) },
    { path: "stack.ts", content: renderStack(scaffold) },
    { path: CDK_FILE, content: toJsonText({ app: "npx ts-node --prefer-ts-exts bin/override.ts", versionReporting: false }) },
    { path: "package.json", content: toJsonText(PACKAGE) },
    { path: "tsconfig.json", content: toJsonText(TSCONFIG) },
    { path: ".gitignore", content: GITIGNORE },
    { path: "README.md", content: README },
  ];
}

const PACKAGE = {
  name: "override",
  version: "0.1.0",
  private: true,
  devDependencies: {
    "@types/node": "^20.19.0",
    "aws-cdk": "^2.1000.0",
    "ts-node": "^10.9.2",
    typescript: "~5.9.0",
  },
  dependencies: { "aws-cdk-lib": "^2.180.0", constructs: "^10.4.2" },
};

const TSCONFIG = {
  compilerOptions: { target: "ES2022", module: "commonjs", lib: ["es2022"], strict: true, noImplicitReturns: true, inlineSourceMap: true },
  exclude: ["node_modules", "cdk.out"],
};

const GITIGNORE = `# The template that Copilot hands over.
.build

node_modules
*.js
*.d.ts

# What CDK writes.
.cdk.staging
cdk.out
`;

const README = `# Overrides by CDK

This is a CDK project of yours. Copilot writes the template it rendered to \`.build/in.yml\`, installs the packages of \`package.json\`,
runs \`cdk synth\` here and deploys what that prints.

- \`stack.ts\` reads the template; change resources in its methods by their level 1 constructs.
- \`bin/override.ts\` is where it starts; it gets the names of application and environment from Copilot.
- \`package.json\` decides the versions of CDK.

\`copilot <noun> package\` shows the result, and \`copilot <noun> package --diff\` compares it with what is deployed.
`;

const toJsonText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

function renderEntry({ hasEnvironment }: CdkScaffold): string {
  const environment = hasEnvironment ? "\n  envName: process.env.COPILOT_ENVIRONMENT_NAME ?? ''," : "";
  return `#!/usr/bin/env node
import * as cdk from 'aws-cdk-lib';
import { TransformedStack } from '../stack';

new TransformedStack(new cdk.App(), 'Stack', {
  appName: process.env.COPILOT_APPLICATION_NAME ?? '',${environment}
});
`;
}

function renderStack({ resources, hasEnvironment }: CdkScaffold): string {
  const constructs = resources.map(({ logicalId, type }) => ({ logicalId, construct: toConstruct(type) }));
  const modules = [
    ...new Set(constructs.flatMap(({ construct }) => (construct.module === undefined ? [] : [construct.module]))),
  ].toSorted();
  const environment = hasEnvironment ? "\n  readonly envName: string;" : "";
  const calls = constructs.map(({ logicalId }) => `\n    this.transform${logicalId}();`).join("");
  return `import * as path from 'path';
import * as cdk from 'aws-cdk-lib';
${modules.length === 0 ? "" : `import { ${modules.join(", ")} } from 'aws-cdk-lib';\n`}
interface TransformedStackProps extends cdk.StackProps {
  readonly appName: string;${environment}
}

export class TransformedStack extends cdk.Stack {
  public readonly template: cdk.cloudformation_include.CfnInclude;

  constructor(scope: cdk.App, id: string, public readonly names: TransformedStackProps) {
    super(scope, id, names);
    this.template = new cdk.cloudformation_include.CfnInclude(this, 'Template', {
      templateFile: path.join('.build', 'in.yml'),
    });${calls}
  }
${constructs.map(({ logicalId, construct }) => renderTransform(logicalId, construct.name)).join("")}}
`;
}

function renderTransform(logicalId: string, construct: string): string {
  return `
  transform${logicalId}() {
    const resource = this.template.getResource('${logicalId}') as ${construct};
    // For example: resource.addPropertyOverride('Tags', [{ Key: 'team', Value: this.names.appName }]);
  }
`;
}

/** The level 1 construct of a resource type. Those of CloudFormation itself, and types without one, are in the library's core. */
function toConstruct(type: string): { readonly name: string; readonly module?: string } {
  const [vendor, service, resource] = type.split("::");
  if (vendor !== "AWS" || service === undefined || resource === undefined) return { name: "cdk.CfnResource" };
  if (service === "CloudFormation") return { name: `cdk.Cfn${resource}` };
  const module = `aws_${service.toLowerCase()}`;
  return { name: `${module}.Cfn${resource}`, module };
}
