import type { JsonObject } from "../../targets/aws/cloudformation/json.ts";
import type { Template } from "../../targets/aws/cloudformation/template.ts";
import { writeTemplate } from "../../targets/aws/cloudformation/write.ts";
import { toLogicalId } from "../../targets/aws/templates/workload/naming.ts";
import { bucketAccessTemplate, environmentBucketTemplate, workloadBucketTemplate } from "./bucket.ts";
import {
  appRunnerClusterParameters,
  appRunnerEnvironmentClusterTemplate,
  appRunnerIngressTemplate,
  environmentClusterParameters,
  environmentClusterTemplate,
} from "./environment-cluster.ts";
import type { ClusterRequest, StorageRequest, TableRequest } from "./storage-request.ts";
import { environmentTableTemplate, tableAccessTemplate, workloadTableTemplate } from "./table.ts";
import { appRunnerClusterTemplate, workloadClusterTemplate } from "./workload-cluster.ts";
import { writeStorageTemplate, type TemplateComment } from "./write-storage-template.ts";

/** A file that `storage init` writes. Files that are there already stay as they are. */
export interface StorageFile {
  /** Below the folder `copilot`. */
  readonly path: string;
  readonly kind: "template" | "parameters";
  readonly content: string;
}

/** The files for a piece of storage, in the order in which they are told. */
export function storageFiles(request: StorageRequest): readonly StorageFile[] {
  const { storage } = request;
  if (storage.kind === "aurora") return clusterFiles(request, storage);
  const templates = storage.kind === "s3" ? bucketTemplates(request.name) : tableTemplates(request.name, storage);
  if (request.lifecycle === "workload") return [workloadFile(request, { template: templates.workload })];
  const own = request.isAccessOnly === true ? [] : [environmentFile(request, templates.environment)];
  // A workload of another workspace gets its access file there.
  const isElsewhere = request.workload.type === undefined && request.isAccessOnly !== true;
  return isElsewhere ? own : [...own, workloadFile(request, { suffix: "-access-policy", template: templates.access })];
}

interface Templates {
  readonly workload: Template;
  readonly environment: Template;
  readonly access: Template;
}

const bucketTemplates = (name: string): Templates => ({
  workload: workloadBucketTemplate(name),
  environment: environmentBucketTemplate(name),
  access: bucketAccessTemplate(name),
});

const tableTemplates = (name: string, table: TableRequest): Templates => ({
  workload: workloadTableTemplate(name, table),
  environment: environmentTableTemplate(name, table),
  access: tableAccessTemplate(name),
});

function clusterFiles(request: StorageRequest, cluster: ClusterRequest): readonly StorageFile[] {
  const { name, workload, lifecycle, isAccessOnly = false } = request;
  const isAppRunner = workload.type === "Request-Driven Web Service";
  const comments = clusterComments(name, cluster);
  if (lifecycle === "workload") {
    const template = isAppRunner ? appRunnerClusterTemplate(name, cluster) : workloadClusterTemplate(name, cluster);
    const file = workloadFile(request, { template, comments });
    return isAppRunner ? [file, workloadParametersFile(request)] : [file];
  }
  const ingress = isAppRunner
    ? [workloadFile(request, { suffix: "-ingress", template: appRunnerIngressTemplate(name, cluster) }), workloadParametersFile(request)]
    : [];
  if (isAccessOnly) return ingress;
  // A cluster of the environment is always of v2.
  const v2: ClusterRequest = { ...cluster, version: "v2" };
  const template = isAppRunner ? appRunnerEnvironmentClusterTemplate(name, v2) : environmentClusterTemplate(name, v2);
  return [
    environmentFile(request, template, clusterComments(name, v2)),
    parametersFile("environments", environmentClusterParameters),
    ...ingress,
  ];
}

interface WorkloadFileContent {
  /** Behind the storage's name in the file's. */
  readonly suffix?: string;
  readonly template: Template;
  readonly comments?: readonly TemplateComment[];
}

function workloadFile({ name, workload }: StorageRequest, { suffix = "", template, comments = [] }: WorkloadFileContent): StorageFile {
  return { path: `${workload.name}/addons/${name}${suffix}.yml`, kind: "template", content: writeStorageTemplate(template, comments) };
}

function environmentFile({ name }: StorageRequest, template: Template, comments: readonly TemplateComment[] = []): StorageFile {
  return { path: `environments/addons/${name}.yml`, kind: "template", content: writeStorageTemplate(template, comments) };
}

const workloadParametersFile = ({ workload }: StorageRequest): StorageFile => parametersFile(workload.name, appRunnerClusterParameters);

function parametersFile(folder: string, parameters: JsonObject): StorageFile {
  return { path: `${folder}/addons/addons.parameters.yml`, kind: "parameters", content: writeTemplate({ Parameters: parameters }) };
}

function clusterComments(name: string, { engine, version }: ClusterRequest): readonly TemplateComment[] {
  const id = toLogicalId(name);
  const capacities =
    version === "v2"
      ? "Capacity by environment: from 0.5 to 128."
      : `Capacity by environment: ${engine === "MySQL" ? "1, 2, 4, 8, 16, 32, 64, 128 or 256" : "2, 4, 8, 16, 32, 64, 192 or 384"}.`;
  const scaling = version === "v2" ? "ServerlessV2ScalingConfiguration" : "ScalingConfiguration";
  return [
    { above: ["Parameters", `${id}DBName`], text: "Change the default to set up your cluster. The name has letters and digits only." },
    { above: ["Mappings", `${id}EnvScalingConfigurationMap`], text: capacities },
    {
      above: ["Resources", `${id}DBCluster`, "Properties", scaling],
      text: 'Put "!Ref Env" in the place of "All" to give each environment its own capacity.',
    },
  ];
}
