import { getAtt } from "../../cloudformation/intrinsics.ts";
import { accountRoot, policyDocument } from "../../cloudformation/policy.ts";
import { resource } from "../../cloudformation/template.ts";
import type { Resources } from "../../cloudformation/template.ts";
import { administerKey } from "../key-actions.ts";

/** The key that encrypts the messages of a worker's queues. */
export const queueKey = (): Resources => ({
  EventsKMSKey: resource(
    "AWS::KMS::Key",
    {
      KeyPolicy: policyDocument(
        {
          Sid: "Allow key use",
          Effect: "Allow",
          Principal: { AWS: accountRoot },
          Action: [...administerKey, "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
          Resource: "*",
        },
        {
          Sid: "Allow SNS encryption",
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
        },
        {
          Sid: "Allow SQS encryption",
          Effect: "Allow",
          Principal: { Service: "sqs.amazonaws.com" },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
          Resource: "*",
        },
        {
          Sid: "Allow task role encrypt/decrypt",
          Effect: "Allow",
          Principal: { AWS: [getAtt("TaskRole", "Arn")] },
          Action: ["kms:Encrypt", "kms:Decrypt"],
          Resource: "*",
        },
      ),
    },
    { description: "A KMS key that encrypts the messages of your queues" },
  ),
});
