import { isJobType, type WorkloadType } from "../model/names.ts";
import type { WorkloadDescription } from "../model/workload-status.ts";
import type { Style } from "../terminal/style.ts";
import { renderSection, renderTable } from "../terminal/table.ts";

/** A block of a page with its title. */
export type Section = readonly [title: string, body: string];

/** What a show command prints for people: its sections below each other. */
export const renderPage = (sections: readonly Section[], style: Style): string =>
  sections.map(([title, body]) => renderSection(title, body, style)).join("\n");

/** A table of a page. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Characters that a column has at the least; 10 when unset. */
  readonly width?: number;
}

/** A section that is a table. */
export const tableSection = (title: string, { header, rows, width = 10 }: Table): Section => [
  title,
  renderTable(header, rows, { indent: 2, minimum: width }),
];

/** What exists on the target, a line each; what several workloads share is named once. */
export const renderResources = (resources: WorkloadDescription["resources"]): string =>
  [...new Set(resources.map(({ type, physicalId }) => `  ${type.padEnd(20)}${physicalId}\n`))].join("");

/** A workload as the JSON of applications and environments has it. */
export interface WorkloadEntry {
  readonly app: string;
  readonly name: string;
  readonly type: WorkloadType;
}

/** Workloads as JSON has them, services apart from jobs. */
export function splitWorkloads(
  application: string,
  workloads: readonly { readonly name: string; readonly type: WorkloadType }[],
): { readonly services: readonly WorkloadEntry[]; readonly jobs: readonly WorkloadEntry[] } {
  const entries = workloads.map(({ name, type }) => ({ app: application, name, type }));
  return { services: entries.filter(({ type }) => !isJobType(type)), jobs: entries.filter(({ type }) => isJobType(type)) };
}
