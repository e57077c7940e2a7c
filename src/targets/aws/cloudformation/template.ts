import type { ConditionFunction, Text, Value } from "./intrinsics.ts";
import type { Json, JsonObject } from "./json.ts";
import { toJsonObject } from "./json.ts";
import type { ResourceProperties } from "./resource-types.ts";

/** A resource type of AWS that the templates of this program use. */
export type ResourceType = keyof ResourceProperties;

/** What every resource may say besides its properties. */
export interface ResourceAttributes {
  readonly Metadata?: JsonObject | undefined;
  readonly DependsOn?: string | readonly string[] | undefined;
  readonly Condition?: string | undefined;
  readonly DeletionPolicy?: "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot" | undefined;
  readonly UpdateReplacePolicy?: "Delete" | "Retain" | "Snapshot" | undefined;
}

/** A resource of one type of AWS. */
export interface AwsResource<T extends ResourceType> extends ResourceAttributes {
  readonly Type: T;
  readonly Properties: ResourceProperties[T];
}

/** A resource that one of our Lambda functions makes. */
export interface CustomResource extends ResourceAttributes {
  readonly Type: `Custom::${string}`;
  readonly Properties: { readonly ServiceToken: Text } & JsonObject;
}

/** The endpoint of a network without subnets, with nothing where they would be: what templates have always had, though no stack comes of it. */
export interface EndpointWithoutSubnets extends ResourceAttributes {
  readonly Type: "AWS::EC2::VPCEndpoint";
  readonly Properties: Omit<ResourceProperties["AWS::EC2::VPCEndpoint"], "SubnetIds"> & { readonly SubnetIds: "" };
}

/** Any resource of a template. */
export type Resource = { [T in ResourceType]: AwsResource<T> }[ResourceType] | EndpointWithoutSubnets | CustomResource;

/** An input of a template. */
export interface Parameter {
  readonly Type: string;
  readonly Description?: string;
  readonly Default?: string | number | boolean;
  readonly AllowedValues?: readonly (string | number | boolean)[];
  readonly NoEcho?: boolean;
}

/** What a stack tells others. */
export interface Output {
  readonly Description?: string;
  readonly Condition?: string;
  readonly Value: Value<string | number | boolean>;
  readonly Export?: { readonly Name: Text };
}

/** Resources by logical ID. */
export type Resources = Readonly<Record<string, Resource>>;

/** All resources of several parts of a template. */
export const mergeResources = (parts: readonly Resources[]): Resources => Object.fromEntries(parts.flatMap((part) => Object.entries(part)));

/** A CloudFormation template. Sections that are empty are left out when it is written. */
export interface Template {
  readonly Description?: string | undefined;
  readonly Metadata?: JsonObject | undefined;
  readonly Parameters?: Readonly<Record<string, Parameter>> | undefined;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>> | undefined;
  readonly Conditions?: Readonly<Record<string, ConditionFunction>> | undefined;
  readonly Transform?: Json | undefined;
  readonly Resources: Resources;
  readonly Outputs?: Readonly<Record<string, Output>> | undefined;
}

/** What a resource says besides type and properties, in our spelling. */
export interface ResourceOptions {
  /** What the progress display calls the resource. */
  readonly description?: string | undefined;
  readonly dependsOn?: string | readonly string[] | undefined;
  readonly condition?: string | undefined;
  readonly deletionPolicy?: ResourceAttributes["DeletionPolicy"];
  readonly updateReplacePolicy?: ResourceAttributes["UpdateReplacePolicy"];
}

const toAttributes = (options: ResourceOptions): ResourceAttributes => ({
  Metadata: options.description === undefined ? undefined : { "aws:copilot:description": options.description },
  DependsOn: options.dependsOn,
  Condition: options.condition,
  DeletionPolicy: options.deletionPolicy,
  UpdateReplacePolicy: options.updateReplacePolicy,
});

/** A resource of AWS; the compiler checks its properties against AWS's resource specification. */
export const resource = <T extends ResourceType>(
  type: T,
  properties: ResourceProperties[T],
  options: ResourceOptions = {},
): AwsResource<T> => ({ ...toAttributes(options), Type: type, Properties: properties });

/** A resource `Custom::{name}` that a Lambda function makes. */
export const customResource = (name: string, properties: CustomResource["Properties"], options: ResourceOptions = {}): CustomResource => ({
  ...toAttributes(options),
  Type: `Custom::${name}`,
  Properties: properties,
});

const sections = ["Description", "Metadata", "Parameters", "Mappings", "Conditions", "Transform", "Resources", "Outputs"] as const;

/** The template as plain data with its sections in their usual order: what overrides edit and `writeTemplate` prints. */
export function toTemplateDocument(template: Template): JsonObject {
  const kept = sections.filter((section) => {
    const value = template[section];
    return value !== undefined && (typeof value !== "object" || value === null || Object.keys(value).length > 0);
  });
  return toJsonObject({ AWSTemplateFormatVersion: "2010-09-09", ...Object.fromEntries(kept.map((name) => [name, template[name]])) });
}
