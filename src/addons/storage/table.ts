import { getAtt, importValue, ref, sub, type Text } from "../../targets/aws/cloudformation/intrinsics.ts";
import { policyDocument } from "../../targets/aws/cloudformation/policy.ts";
import { resource, type Resource, type Template } from "../../targets/aws/cloudformation/template.ts";
import { toLogicalId } from "../../targets/aws/templates/workload/naming.ts";
import { environmentParameters, exportName, workloadParameters } from "./storage-parameters.ts";
import type { KeyAttribute, TableRequest } from "./storage-request.ts";

/** A table that lives with its workload, which may use it. */
export function workloadTableTemplate(name: string, table: TableRequest): Template {
  const id = toLogicalId(name);
  const access = accessPolicy("An IAM policy for your workload to use the table", {
    description: sub("Grants CRUD access to the Dynamo DB table ${Table}", { Table: ref(id) }),
    table: sub(`\${ ${id}.Arn}`),
    indexes: sub(`\${ ${id}.Arn}/index/*`),
  });
  return {
    Parameters: workloadParameters,
    Resources: { [id]: tableResource(name, table, `\${App}-\${Env}-\${Name}-${name}`), [`${id}AccessPolicy`]: access },
    Outputs: {
      [`${id}Name`]: { Description: "Name of the table.", Value: ref(id) },
      [`${id}AccessPolicy`]: { Description: "Policy that Copilot attaches to the task role.", Value: ref(`${id}AccessPolicy`) },
    },
  };
}

/** A table that lives with the environment; it exports what workloads need to be let in. */
export function environmentTableTemplate(name: string, table: TableRequest): Template {
  const id = toLogicalId(name);
  return {
    Parameters: environmentParameters,
    Resources: { [id]: tableResource(name, table, `\${App}-\${Env}-${name}`) },
    Outputs: {
      [`${id}Name`]: { Description: "Name of the table.", Value: ref(id), Export: { Name: sub(exportName(id, "TableName")) } },
      [`${id}DynamoDBTableARN`]: {
        Description: "ARN of the table.",
        Value: getAtt(id, "Arn"),
        Export: { Name: sub(exportName(id, "TableArn")) },
      },
    },
  };
}

/** Lets a workload use a table of its environment. */
export function tableAccessTemplate(name: string): Template {
  const id = toLogicalId(name);
  const table = importValue(sub(exportName(id, "TableName")));
  const arn = importValue(sub(exportName(id, "TableArn")));
  const access = accessPolicy("An IAM policy for your workload to use a table of its environment", {
    description: sub("Grants CRUD access to the Dynamo DB table ${Table}", { Table: table }),
    table: arn,
    indexes: sub("${ TableARN }/index/*", { TableARN: arn }),
  });
  return {
    Parameters: workloadParameters,
    Resources: { [`${id}DdbTableAccessPolicy`]: access },
    Outputs: {
      [`${id}NameDdbTableName`]: { Description: "Name of the table.", Value: table },
      [`${id}DdbTableAccessPolicy`]: {
        Description: "Policy that Copilot attaches to the task role.",
        Value: ref(`${id}DdbTableAccessPolicy`),
      },
    },
  };
}

function tableResource(name: string, table: TableRequest, tableName: string): Resource {
  const { partitionKey, sortKey, localIndexes } = table;
  const indexes = sortKey === undefined ? [] : localIndexes;
  const attributes = [partitionKey, ...(sortKey === undefined ? [] : [sortKey]), ...indexes];
  return resource(
    "AWS::DynamoDB::Table",
    {
      TableName: sub(tableName),
      AttributeDefinitions: attributes.map(({ name: AttributeName, type: AttributeType }) => ({ AttributeName, AttributeType })),
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keySchema(partitionKey, sortKey),
      LocalSecondaryIndexes:
        indexes.length === 0
          ? undefined
          : indexes.map((index) => ({
              IndexName: index.name,
              KeySchema: keySchema(partitionKey, index),
              Projection: { ProjectionType: "ALL" },
            })),
    },
    { description: `An Amazon DynamoDB table for ${name}` },
  );
}

function keySchema(partitionKey: KeyAttribute, sortKey: KeyAttribute | undefined) {
  const hash = { AttributeName: partitionKey.name, KeyType: "HASH" };
  return sortKey === undefined ? [hash] : [hash, { AttributeName: sortKey.name, KeyType: "RANGE" }];
}

interface Access {
  readonly description: Text;
  readonly table: Text;
  readonly indexes: Text;
}

function accessPolicy(description: string, access: Access): Resource {
  return resource(
    "AWS::IAM::ManagedPolicy",
    {
      Description: access.description,
      PolicyDocument: policyDocument(
        {
          Sid: "DDBActions",
          Effect: "Allow",
          Action: [
            "dynamodb:BatchGet*",
            "dynamodb:DescribeStream",
            "dynamodb:DescribeTable",
            "dynamodb:Get*",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:BatchWrite*",
            "dynamodb:Create*",
            "dynamodb:Delete*",
            "dynamodb:Update*",
            "dynamodb:PutItem",
          ],
          Resource: access.table,
        },
        { Sid: "DDBLSIActions", Action: ["dynamodb:Query", "dynamodb:Scan"], Effect: "Allow", Resource: access.indexes },
      ),
    },
    { description },
  );
}
