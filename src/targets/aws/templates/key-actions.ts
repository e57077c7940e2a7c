/** What every key policy and key role of ours allows; how they go on differs, and live stacks have them in these orders. */
const manageKeys = [
  "kms:Create*",
  "kms:Describe*",
  "kms:Enable*",
  "kms:List*",
  "kms:Put*",
  "kms:Update*",
  "kms:Revoke*",
  "kms:Disable*",
  "kms:Get*",
  "kms:Delete*",
] as const;

/** What the account that owns a key may do with it, besides using it. */
export const administerKey: readonly string[] = [
  ...manageKeys,
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
  "kms:Tag*",
  "kms:UntagResource",
];

/** What a role needs to make, change and delete keys. */
export const makeKeys: readonly string[] = [
  ...manageKeys,
  "kms:TagResource",
  "kms:UntagResource",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];
