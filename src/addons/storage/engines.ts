import type { ClusterRequest } from "./storage-request.ts";

/** What a database engine is called and how it is set up. */
export interface Engine {
  readonly name: string;
  readonly port: number;
  readonly mainUser: string;
  readonly version: string;
  readonly parameterGroupFamily: string;
  /** One engine parameter, as an example in the generated parameter group. */
  readonly parameters: Readonly<Record<string, string>>;
}

const mysql = { name: "aurora-mysql", port: 3306, mainUser: "admin", parameters: { character_set_client: "utf8" } };
const postgresql = { name: "aurora-postgresql", port: 5432, mainUser: "postgres", parameters: { client_encoding: "UTF8" } };

/** The engine versions of the last release of the original, of each version of Aurora Serverless. */
const engines: Readonly<Record<ClusterRequest["engine"], Readonly<Record<ClusterRequest["version"], Engine>>>> = {
  MySQL: {
    v1: { ...mysql, version: "5.7.mysql_aurora.2.07.1", parameterGroupFamily: "aurora-mysql5.7" },
    v2: { ...mysql, version: "8.0.mysql_aurora.3.06.0", parameterGroupFamily: "aurora-mysql8.0" },
  },
  PostgreSQL: {
    v1: { ...postgresql, version: "13.9", parameterGroupFamily: "aurora-postgresql13" },
    v2: { ...postgresql, version: "16.2", parameterGroupFamily: "aurora-postgresql16" },
  },
};

/** The engine of a cluster. */
export function engineOf({ engine, version }: Pick<ClusterRequest, "engine" | "version">): Engine {
  return engines[engine][version];
}
