import type { WorkloadType } from "../../../model/names.ts";

/** Where the code of a Lambda function comes from: a folder beside this file, and its archive's name. */
export type FunctionSource =
  | "app-runner-custom-domain"
  | "backlog-per-task"
  | "bucket-cleaner"
  | "certificate-replicator"
  | "desired-count"
  | "dns-delegation"
  | "env-controller"
  | "environment-certificate"
  | "environment-custom-domain"
  | "rule-priority"
  | "trigger-state-machine"
  | "unique-json-values"
  | "workload-certificate"
  | "workload-custom-domain";

/** The name of the function that Lambda calls in each source. Live templates name it, so it cannot change. */
export const functionHandlers: Readonly<Record<FunctionSource, string>> = {
  "app-runner-custom-domain": "handler",
  "backlog-per-task": "handler",
  "bucket-cleaner": "handler",
  "certificate-replicator": "certificateReplicateHandler",
  "desired-count": "handler",
  "dns-delegation": "domainDelegationHandler",
  "env-controller": "handler",
  "environment-certificate": "certificateRequestHandler",
  "environment-custom-domain": "handler",
  "rule-priority": "nextAvailableRulePriorityHandler",
  "trigger-state-machine": "handler",
  "unique-json-values": "handler",
  "workload-certificate": "handler",
  "workload-custom-domain": "handler",
};

/** A resource of a template whose type is `AWS::Lambda::Function`, and its source. */
export interface TemplateFunction {
  /** Logical ID in the template; part of the archive's key in lower case. */
  readonly logicalId: string;
  readonly source: FunctionSource;
}

/** Who has a set of functions. */
export type FunctionOwner = WorkloadType | "environment";

const envController: TemplateFunction = { logicalId: "EnvControllerFunction", source: "env-controller" };
const desiredCount: TemplateFunction = { logicalId: "DynamicDesiredCountFunction", source: "desired-count" };
const rulePriority: TemplateFunction = { logicalId: "RulePriorityFunction", source: "rule-priority" };

/** All functions that a template of each kind may have. They are uploaded whether or not the template at hand uses them. */
export const functionSets: Readonly<Record<FunctionOwner, readonly TemplateFunction[]>> = {
  "Load Balanced Web Service": [
    desiredCount,
    envController,
    rulePriority,
    { logicalId: "NLBCustomDomainFunction", source: "workload-custom-domain" },
    { logicalId: "NLBCertValidatorFunction", source: "workload-certificate" },
  ],
  "Backend Service": [desiredCount, rulePriority, envController],
  "Worker Service": [desiredCount, { logicalId: "BacklogPerTaskCalculatorFunction", source: "backlog-per-task" }, envController],
  "Scheduled Job": [envController],
  "Request-Driven Web Service": [envController, { logicalId: "CustomDomainFunction", source: "app-runner-custom-domain" }],
  "Static Site": [
    { logicalId: "TriggerStateMachineFunction", source: "trigger-state-machine" },
    { logicalId: "CertificateValidationFunction", source: "workload-certificate" },
    { logicalId: "CustomDomainFunction", source: "workload-custom-domain" },
  ],
  environment: [
    { logicalId: "CertificateValidationFunction", source: "environment-certificate" },
    { logicalId: "CustomDomainFunction", source: "environment-custom-domain" },
    { logicalId: "DNSDelegationFunction", source: "dns-delegation" },
    { logicalId: "CertificateReplicatorFunction", source: "certificate-replicator" },
    { logicalId: "BucketCleanerFunction", source: "bucket-cleaner" },
    { logicalId: "UniqueJSONValuesFunction", source: "unique-json-values" },
  ],
};
