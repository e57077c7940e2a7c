import type { WorkloadType } from "../../model/names.ts";

/** A key of a table: its name, and whether it is a text (`S`), a number (`N`) or bytes (`B`). */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** A bucket for objects. */
export interface BucketRequest {
  readonly kind: "s3";
}

/** A table. */
export interface TableRequest {
  readonly kind: "dynamodb";
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  /** Further sort keys, each with an index of its own; they need a sort key. */
  readonly localIndexes: readonly KeyAttribute[];
}

/** A relational database. */
export interface ClusterRequest {
  readonly kind: "aurora";
  readonly engine: "MySQL" | "PostgreSQL";
  /** Version of Aurora Serverless; AWS makes no new clusters of v1. */
  readonly version: "v1" | "v2";
  readonly initialDatabase: string;
  /** Name of a parameter group that exists; one is made when none is given. */
  readonly parameterGroup?: string;
  /** Environments that get an entry of their own in the table of capacities. */
  readonly environments: readonly string[];
}

/** Storage that a person asks for. */
export interface StorageRequest {
  /** As written; logical IDs keep its letters and digits. */
  readonly name: string;
  readonly storage: BucketRequest | TableRequest | ClusterRequest;
  /** With what it lives and dies. */
  readonly lifecycle: "workload" | "environment";
  /** Who uses it; the type is unset when the workload is not in this workspace. */
  readonly workload: { readonly name: string; readonly type: WorkloadType | undefined };
  /** The storage is there already, and only one more workload shall reach it. */
  readonly isAccessOnly?: boolean;
}
