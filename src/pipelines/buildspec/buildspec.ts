/** The phases of a build, in their order. */
export const phaseNames = ["install", "pre_build", "build", "post_build"] as const;
/** One of the four phases that a buildspec may have. */
export type PhaseName = (typeof phaseNames)[number];

/** What a failed command does to the build. `retry` runs the phase again, `attempts` times at most, if its output fits `matching`. */
export type OnFailure =
  | { readonly kind: "abort" }
  | { readonly kind: "continue" }
  | { readonly kind: "retry"; readonly attempts: number; readonly matching?: string };

/** One phase. Commands of all phases share one shell unless `runAs` differs. */
export interface Phase {
  readonly name: PhaseName;
  readonly runAs?: string;
  readonly onFailure: OnFailure;
  readonly commands: readonly string[];
  /** Run after the commands, whether they failed or not. */
  readonly finally: readonly string[];
}

/** A secret that a variable takes its value from; both kinds are answered from the secrets of the environment or application. */
export interface SecretVariable {
  readonly variable: string;
  readonly store: "parameter-store" | "secrets-manager";
  /** Name as the store has it, e.g. `/copilot/shop/test/secrets/token`; without the JSON key. */
  readonly reference: string;
  /** Key inside a secret which is a JSON object. */
  readonly jsonKey?: string;
}

/** Which files of the build a set of paths means. Patterns are relative to `baseDirectory`. */
export interface FileSet {
  readonly files: readonly string[];
  readonly excludePaths: readonly string[];
  /** Relative to the source's root; may be a pattern, whose first match counts. */
  readonly baseDirectory?: string;
  /** Keeps file names only. */
  readonly discardPaths: boolean;
}

/** Files that a build hands on. `name` is empty for the main artifact. */
export interface ArtifactSet extends FileSet {
  readonly name: string;
  /** Keeps symbolic links instead of the files behind them. */
  readonly enableSymlinks: boolean;
}

/** Results of tests that a build leaves in files. */
export interface ReportSet extends FileSet {
  readonly name: string;
  /** As CodeBuild spells it, e.g. `JUNITXML`. */
  readonly format: string;
}

/** Paths that one build leaves for the next. */
export interface CacheSet {
  readonly paths: readonly string[];
  readonly key: string;
  readonly fallbackKeys: readonly string[];
  readonly restore: boolean;
  readonly save: boolean;
}

/** What a build does: a buildspec of version 0.2, checked. */
export interface Buildspec {
  readonly shell?: string;
  readonly runAs?: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretVariable[];
  readonly exportedVariables: readonly string[];
  readonly gitCredentialHelper: boolean;
  readonly phases: readonly Phase[];
  readonly artifacts: readonly ArtifactSet[];
  readonly reports: readonly ReportSet[];
  readonly cache?: CacheSet;
}

/** The buildspec of commands that a manifest lists itself. */
export function buildspecOfCommands(commands: readonly string[]): Buildspec {
  return {
    variables: {},
    secrets: [],
    exportedVariables: [],
    gitCredentialHelper: false,
    phases: [{ name: "build", onFailure: { kind: "abort" }, commands, finally: [] }],
    artifacts: [],
    reports: [],
  };
}
