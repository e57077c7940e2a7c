import type { ClusterRequest, KeyAttribute, StorageRequest, TableRequest } from "../addons/storage/storage-request.ts";
import { attributeNameProblem, databaseNameProblem, readKeyAttribute, tableKeysProblem } from "../addons/storage/storage-names.ts";
import { Problem } from "../model/problem.ts";
import type { Prompts } from "../terminal/prompts.ts";

/** What the flags of `storage init` say about a table; the rest is asked. */
export interface TableWishes {
  readonly partitionKey: string | undefined;
  readonly sortKey: string | undefined;
  readonly noSort: boolean;
  readonly lsi: readonly string[];
  readonly noLsi: boolean;
}

/** What the flags of `storage init` say about a database; the rest is asked. */
export interface ClusterWishes {
  readonly engine: ClusterRequest["engine"] | undefined;
  readonly initialDb: string | undefined;
  readonly parameterGroup: string | undefined;
  readonly serverlessVersion: ClusterRequest["version"];
}

/** The keys of a table: from flags, and by asking for the rest. Throws a `Problem` when they do not fit each other. */
export async function askTable(prompts: Prompts, wishes: TableWishes): Promise<TableRequest> {
  refuseContradictions(wishes);
  const partitionKey =
    wishes.partitionKey === undefined
      ? await askKey(prompts, { what: "partition key", flag: "--partition-key" })
      : readKey(wishes.partitionKey, "--partition-key");
  const sortKey = await askSortKey(prompts, wishes);
  const localIndexes = sortKey === undefined ? wishes.lsi.map((text) => readKey(text, "--lsi")) : await askLocalIndexes(prompts, wishes);
  const table: TableRequest = { kind: "dynamodb", partitionKey, localIndexes, ...(sortKey === undefined ? {} : { sortKey }) };
  const problem = tableKeysProblem(table);
  if (problem !== undefined) throw new Problem("invalid-keys", `set the keys of the table: ${problem}`);
  return table;
}

function refuseContradictions({ sortKey, noSort, lsi, noLsi }: TableWishes): void {
  if (noLsi && lsi.length > 0) throw new Problem("flags-exclusive", "read --lsi: it does not go with --no-lsi");
  if (noSort && lsi.length > 0) throw new Problem("flags-exclusive", "read --lsi: it does not go with --no-sort");
  if (noSort && sortKey !== undefined) throw new Problem("flags-exclusive", "read --sort-key: it does not go with --no-sort");
}

function readKey(text: string, flag: string): KeyAttribute {
  const key = readKeyAttribute(text);
  if (key !== undefined) return key;
  throw new Problem("invalid-flag", `read ${flag}: ${JSON.stringify(text)} is no key`, {
    hint: "write it like id:S, where S is a text, N a number and B bytes",
  });
}

async function askKey(prompts: Prompts, { what, flag }: { readonly what: string; readonly flag: string }): Promise<KeyAttribute> {
  const name = await prompts.text({ message: `What is the ${what} called?`, flag, check: attributeNameProblem });
  const type = await prompts.select<KeyAttribute["type"]>({
    message: `What does ${name} hold?`,
    flag,
    choices: [
      { value: "S", label: "Text" },
      { value: "N", label: "Number" },
      { value: "B", label: "Bytes" },
    ],
  });
  return { name, type };
}

async function askSortKey(prompts: Prompts, { sortKey, noSort }: TableWishes): Promise<KeyAttribute | undefined> {
  if (sortKey !== undefined) return readKey(sortKey, "--sort-key");
  if (noSort) return undefined;
  const wanted = await prompts.confirm({ message: "Has the table a sort key?", flag: "--sort-key or --no-sort", default: false });
  return wanted ? askKey(prompts, { what: "sort key", flag: "--sort-key" }) : undefined;
}

/** How many additional sort keys a table may have. */
const mostIndexes = 5;

async function askLocalIndexes(prompts: Prompts, { lsi, noLsi }: TableWishes): Promise<readonly KeyAttribute[]> {
  if (lsi.length > 0 || noLsi) return lsi.map((text) => readKey(text, "--lsi"));
  const keys: KeyAttribute[] = [];
  const another = (): Promise<boolean> =>
    prompts.confirm({
      message: keys.length === 0 ? "Has it additional sort keys?" : "Has it another additional sort key?",
      flag: "--lsi or --no-lsi",
      default: false,
    });
  while (keys.length < mostIndexes && (await another())) keys.push(await askKey(prompts, { what: "additional sort key", flag: "--lsi" }));
  return keys;
}

/** A database: from flags, and by asking for the rest. */
export async function askCluster(prompts: Prompts, wishes: ClusterWishes, environments: readonly string[]): Promise<ClusterRequest> {
  const engine =
    wishes.engine ??
    (await prompts.select<ClusterRequest["engine"]>({
      message: "Which database engine?",
      flag: "--engine",
      choices: [
        { value: "MySQL", label: "MySQL" },
        { value: "PostgreSQL", label: "PostgreSQL" },
      ],
    }));
  const check = (name: string): string | undefined => databaseNameProblem(engine, name);
  const initialDatabase =
    wishes.initialDb ?? (await prompts.text({ message: "What is the first database called?", flag: "--initial-db", check }));
  const problem = check(initialDatabase);
  if (problem !== undefined) throw new Problem("invalid-name", `name the database ${JSON.stringify(initialDatabase)}: ${problem}`);
  const { parameterGroup, serverlessVersion: version } = wishes;
  return { kind: "aurora", engine, version, initialDatabase, environments, ...(parameterGroup === undefined ? {} : { parameterGroup }) };
}

/** What a kind of storage is called in a sentence. */
export const storageWord = (kind: StorageRequest["storage"]["kind"]): string =>
  ({ s3: "bucket", dynamodb: "table", aurora: "database cluster" })[kind];
