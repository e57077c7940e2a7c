import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action, ExecutionMode, Pipeline, Stage } from "../../model/pipeline.ts";
import type { ActionOutput, ExecutionEvent } from "./event.ts";
import { schedule } from "./schedule.ts";
import { actionState, reduceExecution, type ExecutionState } from "./state.ts";
import { workKey, workOf, type Work } from "./work.ts";
import { buildAction as build } from "../../../test/samples/pipelines.ts";

const approval = (name: string): Action => ({ name, work: { kind: "approval", environment: name }, runOrder: 1, after: [] });

const deploy = (name: string, after: readonly string[] = []): Action => ({
  name,
  work: { kind: "deploy", subject: "workload", environment: "test", name, templatePath: "", templateConfig: "", stackName: "" },
  runOrder: 1,
  after,
});

const stageOf = (name: string, actions: readonly Action[], more: Partial<Stage> = {}): Stage => ({
  name,
  actions,
  onFailure: "stop",
  ...more,
});

const pipelineOf = (stages: readonly Stage[], executionMode: ExecutionMode = "superseded", name = "main"): Pipeline => ({
  application: "shop",
  name,
  executionMode,
  source: { provider: "Git", repository: "copilot", branch: "main" },
  stages,
});

type Undated = ExecutionEvent extends infer E ? (E extends ExecutionEvent ? Omit<E, "at"> : never) : never;

/** A clock-less control plane: journals, what is under way, and a record of everything that was performed to its end. */
class World {
  readonly journals = new Map<string, ExecutionEvent[]>();
  readonly performed: string[] = [];
  underWay = new Map<string, Work>();
  #tick = 0;
  readonly outcome: (work: Work) => boolean;

  constructor(outcome: (work: Work) => boolean = () => true) {
    this.outcome = outcome;
  }

  start(pipeline: Pipeline, number = 1): string {
    const id = `${pipeline.name}-${number}`;
    const trigger = { kind: "push", user: "ann", branch: "main", commit: "c0ffee" } as const;
    this.append(id, { type: "execution-started", id, number, pipeline, trigger });
    return id;
  }

  append(id: string, event: Undated): void {
    const journal = this.journals.get(id) ?? [];
    journal.push({ ...event, at: new Date(++this.#tick * 1000).toISOString() });
    this.journals.set(id, journal);
  }

  state(id: string): ExecutionState {
    const state = (this.journals.get(id) ?? []).reduce<ExecutionState | undefined>(reduceExecution, undefined);
    if (state === undefined) throw new Error(`no execution ${id}`);
    return state;
  }

  states(): ExecutionState[] {
    return [...this.journals.keys()].map((id) => this.state(id));
  }

  /** Carries out one decision; whether there was one. */
  decide(pick = 0): boolean {
    const { decisions } = schedule(this.states());
    const decision = decisions[pick % Math.max(1, decisions.length)];
    if (decision === undefined) return false;
    const { execution, stage, action } = { stage: "", action: "", ...decision };
    switch (decision.kind) {
      case "enter-stage":
        this.append(execution, { type: "stage-entered", stage });
        break;
      case "start-action":
        this.append(execution, { type: "action-started", stage, action });
        break;
      case "stop-action":
        this.append(execution, { type: "action-failed", stage, action, failure: { kind: "stopped", reason: "stopped" } });
        break;
      case "start-rollback":
        this.append(execution, { type: "rollback-started", stage });
        break;
      case "end-stage":
        this.append(execution, { type: "stage-ended", stage, status: decision.status });
        break;
      case "supersede":
        this.append(execution, { type: "execution-superseded", by: decision.by });
        break;
    }
    return true;
  }

  /** Starts what the journals say is under way and nobody does. */
  resume(): void {
    const expected = new Map(this.states().flatMap((state) => workOf(state).map((work) => [workKey(work), work] as const)));
    this.underWay = expected;
  }

  /** Finishes one piece of work; `lost` means that the machine died before the journal had it. */
  finish(pick = 0, lost = false): boolean {
    this.resume();
    const work = [...this.underWay.values()][pick % Math.max(1, this.underWay.size)];
    if (work === undefined) return false;
    this.performed.push(`${workKey(work)}${lost ? " lost" : ""}`);
    if (lost) return true;
    const { execution, stage } = work;
    if (work.kind === "rollback") this.append(execution, { type: "rollback-ended", stage, restored: ["api"] });
    else if (this.outcome(work))
      this.append(execution, { type: "action-succeeded", stage, action: work.action.name, output: { summary: "" } satisfies ActionOutput });
    else
      this.append(execution, {
        type: "action-failed",
        stage,
        action: work.action.name,
        failure: { kind: "failed", reason: "exit code 1" },
      });
    return true;
  }

  run(): void {
    while (this.decide() || this.finish());
  }
}

const statuses = (state: ExecutionState) => [
  state.status,
  ...state.stages.map((stage) => [
    stage.name,
    stage.status,
    ...stage.actions.map(({ name, status, attempts }) => `${name} ${status} ${attempts}`),
  ]),
];

const arbitraryStage = (index: number): fc.Arbitrary<Stage> =>
  fc
    .record({
      gate: fc.boolean(),
      edges: fc.array(fc.array(fc.nat(), { maxLength: 2 }), { minLength: 1, maxLength: 5 }),
      retries: fc.nat(2),
      rollback: fc.boolean(),
    })
    .map(({ gate, edges, retries, rollback }) => {
      const names = edges.map((_, action) => `a${action}`);
      const actions = edges.map((targets, position) => {
        const after = position === 0 ? (gate ? ["gate"] : []) : [...new Set(targets.map((target) => names[target % position] ?? ""))];
        return position % 2 === 0 ? build(`a${position}`, after, { retries }) : deploy(`a${position}`, after);
      });
      return stageOf(`DeployTo-e${index}`, [...(gate ? [approval("gate")] : []), ...actions], {
        environment: `e${index % 2}`,
        onFailure: rollback ? "rollback" : "stop",
      });
    });

const arbitraryPipeline: fc.Arbitrary<Pipeline> = fc
  .tuple(arbitraryStage(0), arbitraryStage(1), arbitraryStage(2))
  .map((stages) => pipelineOf([stageOf("Source", [build("source")]), ...stages]));

/** Fails an action on its first attempts, always the same ones for the same seed. */
const failingBy =
  (seed: number) =>
  (work: Work): boolean => {
    const text = work.kind === "action" ? `${seed}${work.stage}${work.action.name}${work.attempt}` : "";
    let hash = 7;
    for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
    return hash % 7 !== 0;
  };

describe("one execution", () => {
  test("whatever the order and however often the machine dies, it ends as without, and finished work is not repeated", () => {
    fc.assert(
      fc.property(arbitraryPipeline, fc.nat(), fc.array(fc.nat(50), { maxLength: 200 }), (pipeline, seed, moves) => {
        const calm = new World(failingBy(seed));
        const calmId = calm.start(pipeline);
        calm.run();

        const world = new World(failingBy(seed));
        const id = world.start(pipeline);
        for (const move of moves) {
          if (move % 5 === 0) world.finish(move, true);
          else if (move % 2 === 0) world.decide(move);
          else world.finish(move);
        }
        world.run();

        const finished = world.performed.filter((line) => !line.endsWith(" lost"));
        expect(new Set(finished).size).toBe(finished.length);
        const ended = world.state(id);
        expect(ended.status).toBe(calm.state(calmId).status);
        if (ended.status === "succeeded") expect(statuses(ended)).toEqual(statuses(calm.state(calmId)));
      }),
      { numRuns: 300 },
    );
  });

  test("reading the journal again after any event gives the same state", () => {
    fc.assert(
      fc.property(arbitraryPipeline, fc.nat(), (pipeline, seed) => {
        const world = new World(failingBy(seed));
        const id = world.start(pipeline);
        world.run();
        const events = world.journals.get(id) ?? [];
        const twice = events.reduce<ExecutionState | undefined>(
          (state, event) => reduceExecution(reduceExecution(state, event), event),
          undefined,
        );
        const once = world.state(id);
        if (events.every(({ type }) => type !== "action-failed")) expect(twice).toEqual(once);
        expect(once.status === "succeeded" || once.status === "failed").toBe(true);
      }),
    );
  });

  test("an action starts only when everything it comes after has succeeded", () => {
    const world = new World();
    const id = world.start(pipelineOf([stageOf("s", [build("a"), build("b", ["a"]), build("c")])]));
    while (world.decide());
    expect(statuses(world.state(id))).toEqual(["in-progress", ["s", "in-progress", "a in-progress 1", "b pending 0", "c in-progress 1"]]);
  });

  test("a failed action lets what runs beside it end, starts nothing more and fails the execution", () => {
    const world = new World((work) => work.kind !== "action" || work.action.name !== "a");
    const id = world.start(pipelineOf([stageOf("s", [build("a"), build("b"), build("c", ["b"])]), stageOf("t", [build("d")])]));
    world.run();
    expect(statuses(world.state(id))).toEqual([
      "failed",
      ["s", "failed", "a failed 1", "b succeeded 1", "c pending 0"],
      ["t", "waiting", "d pending 0"],
    ]);
  });

  test("an action is tried as often as its retries say", () => {
    const world = new World(() => false);
    const id = world.start(pipelineOf([stageOf("s", [build("a", [], { retries: 2 })])]));
    world.run();
    expect(actionState(world.state(id), { stage: "s", action: "a" })).toMatchObject({ status: "failed", attempts: 3 });
  });

  test("a retry runs the failed action and what is behind it, never what has succeeded", () => {
    let healthy = false;
    const world = new World((work) => healthy || work.kind !== "action" || work.action.name !== "b");
    const id = world.start(pipelineOf([stageOf("s", [build("a"), build("b", ["a"]), build("c", ["b"])])]));
    world.run();
    healthy = true;
    world.append(id, { type: "retry-requested", user: "ann", stage: "s" });
    world.run();
    expect(world.state(id).status).toBe("succeeded");
    expect(world.performed.map((line) => line.split("/")[2])).toEqual(["a", "b", "b", "c"]);
  });

  test("a retry from an action runs that one and its followers again", () => {
    const world = new World((work) => work.kind !== "action" || work.action.name !== "c" || work.startedAt > "1970-01-01T00:00:10");
    const id = world.start(pipelineOf([stageOf("s", [build("a"), build("b", ["a"]), build("c", ["b"])])]));
    world.run();
    world.append(id, { type: "retry-requested", user: "ann", stage: "s", from: "b" });
    world.run();
    expect(world.performed.map((line) => line.split("/")[2])).toEqual(["a", "b", "c", "b", "c"]);
  });

  test("stopping ends what is under way, a pending approval too, and starts nothing", () => {
    const world = new World();
    const id = world.start(pipelineOf([stageOf("s", [approval("gate"), build("a", ["gate"])])]));
    while (world.decide());
    world.append(id, { type: "stop-requested", user: "ann" });
    while (world.decide());
    expect(statuses(world.state(id))).toEqual(["stopped", ["s", "stopped", "gate failed 1", "a pending 0"]]);
  });

  test("a stage that is to roll back does so once, after a failure behind a deployment that changed something", () => {
    const actions = [deploy("api"), build("tests", ["api"])];
    const world = new World((work) => work.kind !== "action" || work.action.name !== "tests");
    const id = world.start(pipelineOf([stageOf("s", actions, { onFailure: "rollback", environment: "test" })]));
    world.run();
    expect(world.state(id).stages[0]).toMatchObject({ status: "failed", rollback: { status: "done", restored: ["api"] } });
  });
});

describe("several executions", () => {
  const twoStages = (mode: ExecutionMode, name = "main") =>
    pipelineOf(
      [
        stageOf("Source", [build("source")]),
        stageOf("DeployTo-test", [approval("gate"), deploy("api", ["gate"])], { environment: "test" }),
      ],
      mode,
      name,
    );

  test("superseded: of those that wait for one stage, only the newest goes on", () => {
    const world = new World((work) => work.kind !== "action" || work.action.name !== "gate");
    const ids = [1, 2, 3].map((number) => world.start(twoStages("superseded"), number));
    while (world.decide());
    expect(ids.map((id) => world.state(id).status)).toEqual(["superseded", "superseded", "in-progress"]);
  });

  test("superseded: one that waits for an approval keeps its stage", () => {
    const world = new World();
    const first = world.start(twoStages("superseded"), 1);
    while (world.decide());
    world.finish();
    while (world.decide());
    const second = world.start(twoStages("superseded"), 2);
    while (world.decide());
    world.finish(1);
    while (world.decide());
    expect(world.state(first).stages[1]?.status).toBe("in-progress");
    expect(world.state(second).stages.map(({ status }) => status)).toEqual(["succeeded", "waiting"]);
    expect(schedule(world.states()).waits).toEqual([
      { execution: second, stage: "DeployTo-test", because: "execution 1 is in DeployTo-test" },
    ]);
  });

  test("queued: all run, one after the other, in their order", () => {
    const world = new World();
    const ids = [1, 2, 3].map((number) => world.start(twoStages("queued"), number));
    world.run();
    expect(ids.map((id) => world.state(id).status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(world.performed.filter((line) => line.includes("/api/")).map((line) => line.split("/")[0])).toEqual(ids);
  });

  test("two pipelines run side by side, but an environment is changed by one at a time", () => {
    const world = new World();
    const first = world.start(twoStages("superseded", "blue"));
    const second = world.start(twoStages("superseded", "green"));
    const approve = (id: string) => {
      world.resume();
      world.finish([...world.underWay.values()].findIndex((work) => work.execution === id));
      while (world.decide());
    };
    while (world.decide());
    for (const id of [first, second, first, second]) approve(id);
    const api = (id: string) => actionState(world.state(id), { stage: "DeployTo-test", action: "api" })?.status;
    expect([api(first), api(second)]).toEqual(["in-progress", "pending"]);
    expect(schedule(world.states()).waits[0]?.because).toBe("execution 1 of pipeline blue deploys to test");
    world.run();
    expect([api(first), api(second)]).toEqual(["succeeded", "succeeded"]);
  });

  test("in any order of events no two executions share a stage or an environment", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ExecutionMode>("superseded", "queued", "parallel"),
        fc.array(fc.nat(50), { maxLength: 150 }),
        (mode, moves) => {
          const world = new World();
          let number = 0;
          for (const move of moves) {
            if (move % 11 === 0) world.start(twoStages(mode), ++number);
            else if (move % 2 === 0) world.decide(move);
            else world.finish(move, move % 5 === 0);
            const states = world.states().filter(({ status }) => status === "in-progress");
            const inStage = states.filter((state) => state.stages[1]?.status === "in-progress");
            if (mode !== "parallel") expect(inStage.length).toBeLessThanOrEqual(1);
            expect(
              inStage.filter((state) => actionState(state, { stage: "DeployTo-test", action: "api" })?.status === "in-progress").length,
            ).toBeLessThanOrEqual(1);
          }
          world.run();
          expect(world.states().every(({ status }) => status === "succeeded" || (mode === "superseded" && status === "superseded"))).toBe(
            true,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
