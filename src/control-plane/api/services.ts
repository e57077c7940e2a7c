import type { Deployments } from "../deployments/deployments.ts";
import type { Engine, EngineInfo } from "../engine/engine.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { LogReader } from "../logs/log-reader.ts";
import type { Removal } from "../removal/removal.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import type { Settings } from "../settings.ts";
import type { SiteStore } from "../sites/site-store.ts";
import type { Store } from "../state/store.ts";
import type { ImageView } from "../supervision/image-view.ts";
import type { Supervisor } from "../supervision/supervisor.ts";
import type { TaskTable } from "../tasks/task-table.ts";

/** What the API's calls are answered with. */
export interface Services {
  readonly settings: Settings;
  readonly token: string;
  readonly engine: Engine;
  readonly engineInfo: () => Promise<EngineInfo>;
  readonly store: Store;
  readonly table: TaskTable;
  readonly images: ImageView;
  readonly supervisor: Supervisor;
  readonly deployments: Deployments;
  readonly removal: Removal;
  readonly secrets: SecretStore;
  readonly sites: SiteStore;
  readonly jobs: Jobs;
  readonly logs: LogReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}
