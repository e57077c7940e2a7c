/** A file that a scaffold writes, below the `overrides` folder. */
export interface ScaffoldFile {
  readonly path: string;
  readonly content: string;
}
