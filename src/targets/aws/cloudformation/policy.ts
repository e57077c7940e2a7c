import { sub } from "./intrinsics.ts";
import type { Sub, Text, Value } from "./intrinsics.ts";
import type { JsonObject } from "./json.ts";

/** A statement of an access policy. */
export type PolicyStatement = {
  readonly Sid?: Text | undefined;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Text | { readonly [kind: string]: Value<Text | readonly Text[]> } | undefined;
  readonly Action?: Text | readonly Text[] | undefined;
  readonly NotAction?: Text | readonly Text[] | undefined;
  readonly Resource?: Value<Text | readonly Text[]> | undefined;
  readonly NotResource?: Value<Text | readonly Text[]> | undefined;
  readonly Condition?: JsonObject | undefined;
};

/** An access policy: who may do what. */
export type PolicyDocument = { readonly Version: "2012-10-17"; readonly Statement: readonly Value<PolicyStatement>[] };

/** An access policy of these statements. */
export const policyDocument = (...statements: readonly Value<PolicyStatement>[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** The account of the stack itself, as the principal of a statement. */
export const accountRoot: Sub = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root");

/** The trust policy by which an AWS service, e.g. `lambda.amazonaws.com`, takes on a role. */
export const assumedByService = (service: Text | readonly Text[]): PolicyDocument =>
  policyDocument({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });

/** Lets Lambda functions take on a role. */
export const lambdaTrust: PolicyDocument = policyDocument({
  Effect: "Allow",
  Principal: { Service: ["lambda.amazonaws.com"] },
  Action: ["sts:AssumeRole"],
});

/** A policy of AWS for its services' roles, by name. */
export const awsServicePolicy = (name: string): Sub => sub(`arn:\${AWS::Partition}:iam::aws:policy/service-role/${name}`);
