/** Why a task can no longer do its work. */
export interface TaskStop {
  readonly reason: string;
  readonly container?: string;
  readonly exitCode?: number;
}
