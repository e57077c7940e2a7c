import type { Sub } from "../cloudformation/intrinsics.ts";
import { sub } from "../cloudformation/intrinsics.ts";

/** The ARN of the policy that bounds a role, by the policy's name; `undefined` without one. */
export const boundaryArn = (policyName: string | undefined): Sub | undefined =>
  policyName === undefined ? undefined : sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${policyName}`);
