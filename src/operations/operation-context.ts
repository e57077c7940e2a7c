import type { Notice, StepProgress } from "../model/deployment.ts";
import type { WorkloadSpec } from "../model/workload-spec.ts";
import type { Files } from "../platform/files.ts";
import type { ImageReferences, TargetSession } from "../targets/target.ts";

/** Makes sure that a workload's images exist where the target takes them from, and names them. */
export type ProvideImages = (
  spec: WorkloadSpec,
  options: {
    /** Absolute path of the workspace. */
    readonly root: string;
    readonly tag?: string;
    /** False names the images without building any. */
    readonly build: boolean;
    readonly signal: AbortSignal;
    readonly tell: (event: StepProgress | Notice) => void;
  },
) => Promise<ImageReferences>;

/** What use cases work with. */
export interface OperationContext {
  readonly session: TargetSession;
  readonly files: Files;
  readonly provideImages: ProvideImages;
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Hears what goes on. */
  readonly tell: (event: StepProgress | Notice) => void;
}
