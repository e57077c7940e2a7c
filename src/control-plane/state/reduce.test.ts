import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalEvent, ReleaseEnd } from "./journal-event.ts";
import { reduce } from "./reduce.ts";
import { allWorkloads, emptyState, findWorkload, keptReleases, keptRuns, keptVersions, type State } from "./state.ts";
import { openStore } from "./store.ts";

const names = fc.constantFrom("one", "two");
const key = fc.record({ application: names, environment: names, workload: names });
const ends = fc.constantFrom<ReleaseEnd>("deployed", "rolled-back", "failed", "cancelled");
const revisions = fc.integer({ min: 1, max: 4 });

function started(
  of: { readonly application: string; readonly environment: string; readonly workload: string },
  revision: number,
): JournalEvent {
  const document = { format: "copilot-stack/1", ...of, type: "Backend Service", manifest: "", notices: [] } as const;
  return {
    type: "deployment-started",
    ...of,
    noRollback: false,
    version: { revision, document, images: {}, specification: `s${revision}` },
    release: { ...of, revision, fingerprint: "f", user: "ann", startedAt: "2026-01-01T00:00:00Z", status: "in-progress" },
  };
}

const event: fc.Arbitrary<JournalEvent> = fc.oneof(
  names.map((name): JournalEvent => ({ type: "application-put", application: { name, target: "docker" } })),
  names.map((application): JournalEvent => ({ type: "application-removing", application })),
  names.map((application): JournalEvent => ({ type: "application-removed", application })),
  key.map(({ application, workload }): JournalEvent => ({
    type: "workload-put",
    workload: { application, name: workload, type: "Backend Service" },
  })),
  key.map(({ application, workload }): JournalEvent => ({ type: "workload-record-removed", application, workload })),
  key.map(({ application, environment }): JournalEvent => ({
    type: "environment-put",
    environment: { application, name: environment, target: "docker" },
  })),
  key.map(({ application, environment }): JournalEvent => ({ type: "environment-removed", application, environment })),
  { weight: 20, arbitrary: fc.tuple(key, revisions).map(([of, revision]) => started(of, revision)) },
  {
    weight: 20,
    arbitrary: fc
      .tuple(key, revisions, ends)
      .map(([of, revision, status]): JournalEvent => ({ type: "deployment-ended", ...of, revision, status, at: "2026-01-01T00:00:01Z" })),
  },
  key.map((of): JournalEvent => ({ type: "workload-removing", ...of })),
  key.map((of): JournalEvent => ({ type: "workload-removed", ...of })),
  fc.tuple(key, fc.nat(3)).map(([of, run]): JournalEvent => ({
    type: "run-recorded",
    ...of,
    run: { id: `r${run}`, trigger: "manual", startedAt: `2026-01-01T00:00:0${run}Z`, status: "running", tries: 0, taskIds: [] },
  })),
);

const after = (events: readonly JournalEvent[]): State => events.reduce(reduce, emptyState);

/** Long enough, and from a state with something in it, so that most sequences leave workloads. */
const history = fc.array(event, { minLength: 40, maxLength: 120, size: "max" }).map((events): readonly JournalEvent[] => [
  ...["one", "two"].map((name): JournalEvent => ({ type: "application-put", application: { name, target: "docker" } })),
  ...["one", "two"].map((name): JournalEvent => ({
    type: "environment-put",
    environment: { application: name, name, target: "docker" },
  })),
  ...events,
]);

test("any events in any order leave a state that holds together", () => {
  let seen = 0;
  fc.assert(
    fc.property(history, (events) => {
      for (const { workload } of allWorkloads(after(events))) {
        seen += 1;
        expect(workload.releases.length).toBeLessThanOrEqual(keptReleases);
        expect(workload.earlier.length).toBeLessThanOrEqual(keptVersions);
        expect(workload.runs.length).toBeLessThanOrEqual(keptRuns);
        expect(new Set(workload.runs.map((run) => run.id)).size).toBe(workload.runs.length);
        if (workload.next) expect(workload.releases.at(-1)?.status).toBe("in-progress");
        if (workload.current) expect(workload.releases.some((release) => release.revision === workload.current?.revision)).toBe(true);
        expect(workload.lastRevision).toBeGreaterThanOrEqual(workload.current?.revision ?? 0);
      }
    }),
    { numRuns: 300 },
  );
  expect(seen).toBeGreaterThan(150);
});

test("an event never changes the state that it is applied to, and one about nothing changes nothing", () => {
  fc.assert(
    fc.property(history, event, (events, last) => {
      const state = after(events);
      const copy = structuredClone(state);
      reduce(state, last);
      expect(state).toEqual(copy);
    }),
  );
  const about = { application: "one", environment: "one", workload: "one" };
  expect(reduce(emptyState, { type: "workload-removed", ...about })).toBe(emptyState);
  expect(reduce(emptyState, started(about, 1))).toBe(emptyState);
});

test("only a deployed version becomes the current one, and a failed one that is left is remembered until the next", () => {
  const of = { application: "one", environment: "one", workload: "one" };
  const base: readonly JournalEvent[] = [
    { type: "application-put", application: { name: "one", target: "docker" } },
    { type: "environment-put", environment: { application: "one", name: "one", target: "docker" } },
    started(of, 1),
    { type: "deployment-ended", ...of, revision: 1, status: "deployed", at: "t" },
    started(of, 2),
    { type: "deployment-ended", ...of, revision: 2, status: "failed", at: "t", failure: { reason: "no", lastLines: [] } },
  ];
  expect(findWorkload(after(base), of)).toMatchObject({ current: { revision: 1 }, leftSpecification: "s2", lastFailure: { reason: "no" } });
  const later = [...base, started(of, 3), { type: "deployment-ended", ...of, revision: 3, status: "deployed", at: "t" } as const];
  const workload = findWorkload(after(later), of);
  expect(workload).toMatchObject({ current: { revision: 3 }, earlier: [{ revision: 1 }] });
  expect(workload).not.toHaveProperty("leftSpecification");
  expect(workload).not.toHaveProperty("lastFailure");
});

test("the store says the same after it was closed, and after it was cut into a snapshot", async () => {
  const directory = await mkdtemp(join(tmpdir(), "copilot-store-"));
  const path = join(directory, "journal.jsonl");
  try {
    const manifest = "x".repeat(300_000);
    const store = await openStore(path);
    await store.record({ type: "application-put", application: { name: "one", target: "docker" } });
    await store.record({ type: "environment-put", environment: { application: "one", name: "one", target: "docker" } });
    for (let index = 0; index < 20; index += 1) {
      const document = {
        format: "copilot-environment/1",
        application: "one",
        environment: "one",
        manifest: `${index}${manifest}`,
        notices: [],
      } as const;
      await store.record({ type: "environment-deployed", application: "one", environment: "one", document });
    }
    const before = store.state;
    await store[Symbol.asyncDispose]();
    const again = await openStore(path);
    expect(again.state).toEqual(before);
    expect(again.state.applications["one"]?.environments["one"]?.document?.manifest.startsWith("19")).toBe(true);
    await again[Symbol.asyncDispose]();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
