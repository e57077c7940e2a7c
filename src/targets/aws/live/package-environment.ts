import { loadEnvironment } from "../../../manifest/environment/load.ts";
import type { Environment } from "../../../model/application.ts";
import type { EnvironmentSpec } from "../../../model/environment-spec.ts";
import type { PackageOptions, WorkloadPackage } from "../../target.ts";
import { acceptOrThrow } from "../accept-or-throw.ts";
import type { Account } from "../clients/account.ts";
import { compileEnvironment } from "../compile-environment.ts";
import type { EnvironmentFacts } from "../environment-facts.ts";
import { refuseDowngrade } from "../refuse-downgrade.ts";
import { templateVersion } from "../template-version.ts";
import { openArtifactStore } from "./artifact-store.ts";
import { finishPackage } from "./finish-package.ts";
import { partitionOf } from "./live-application.ts";
import type { Packaging } from "./package-workload.ts";
import { placeAddons } from "./place-addons.ts";
import { placeEnvironmentFunctions } from "./place-functions.ts";
import { requireApplication } from "./require-application.ts";
import { requireUploads } from "./require-versions.ts";
import { withoutExtensions } from "./without-extensions.ts";

/** The managed prefix list of CloudFront's servers, as AWS names it in every region. */
const cloudFrontPrefixList = "com.amazonaws.global.cloudfront.origin-facing";

/** An environment as files, as its account stands now. */
export async function packageEnvironment(
  wanted: { readonly environment: Environment; readonly manifest: string; readonly options: PackageOptions },
  packaging: Packaging,
): Promise<WorkloadPackage> {
  const { environment, options } = wanted;
  const { live, machine } = packaging;
  const spec = readSpec(environment, wanted.manifest, packaging.variables);
  const record = await live.environment(environment.application, environment.name);
  const [application, resources, deployed, account] = await Promise.all([
    requireApplication(live, environment.application),
    live.resources(environment.application, record.region),
    live.environmentStack(record),
    live.asManager(record),
  ]);
  if (deployed !== undefined && options.allowDowngrade !== true) await refuseDowngrade(deployed.stack.name, deployed.metadata.version);
  if (options.files === "uploaded" && deployed !== undefined) await requireUploads(environment, deployed.metadata.version);
  const extensions = options.extensions ?? withoutExtensions;
  const partition = partitionOf(record);
  const store = openArtifactStore(account, { bucket: resources.artifacts.name, partition, uploads: options.files === "uploaded" });
  const [addons, functions, prefixList] = await Promise.all([
    // An environment's template names its addons in any case: without the name it would lose the stack that it has.
    placeAddons({ kind: "environment" }, extensions, store),
    packaging.archives("environment").then((archives) => placeEnvironmentFunctions(archives, store)),
    readPrefixList(spec, account),
  ]);
  const { domain, permissionsBoundary, tags } = application.application;
  const isNew = deployed === undefined || deployed.metadata.version === "bootstrap";
  const facts: EnvironmentFacts = {
    partition,
    application: {
      account: application.account,
      ...(domain === undefined ? {} : { domain }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    },
    artifacts: resources.artifacts,
    tags: tags ?? {},
    version: templateVersion,
    functions,
    forceDeployId: options.force === true ? packaging.uniqueId() : (deployed?.stack.outputs["LastForceDeployID"] ?? ""),
    ...(prefixList === undefined ? {} : { cloudFrontPrefixList: prefixList }),
    ...(addons === undefined ? {} : { addons: { templateUrl: addons.url, parameters: addons.addons.parameters } }),
    ...(isNew ? {} : { deployedParameters: deployed.stack.parameters }),
  };
  const stack = compileEnvironment(spec, facts);
  const { template, parameters } = await finishPackage(
    {
      stack,
      overrides: extensions.overrides,
      application: environment.application,
      environment: environment.name,
      root: extensions.root,
    },
    machine,
  );
  return {
    files: [
      { name: `${environment.name}.env.yml`, content: template },
      { name: `${environment.name}.env.params.json`, content: parameters },
      ...(addons === undefined ? [] : [{ name: "env.addons.yml", content: addons.template }]),
    ],
    notices: [],
  };
}

function readSpec({ application, name }: Environment, text: string, variables: Packaging["variables"]): EnvironmentSpec {
  // Whoever hands the text over has told of fields that nobody knows.
  const file = `copilot/environments/${name}/manifest.yml`;
  const loaded = loadEnvironment({ file, text, application, environment: name, variables, lenient: true });
  return acceptOrThrow("manifest-invalid", `read the manifest of ${name}`, loaded);
}

async function readPrefixList({ publicHttp }: EnvironmentSpec, account: Account): Promise<string | undefined> {
  return publicHttp.restrictToCdn ? (await account.network()).prefixList(cloudFrontPrefixList) : undefined;
}
