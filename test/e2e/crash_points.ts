import { isDeepStrictEqual } from "node:util";
import process from "node:process";
import type { CrashPoint } from "../support/proxy.ts";
import type { ScenarioRunner } from "./scenario_runner.ts";
import type { Scenario, World } from "./scenario.ts";
import { eventually, pause } from "./suite.ts";
import type { Summary } from "./summary.ts";

export interface CrashPoints {
  /** Writes of the telling without faults. */
  writes: number;
  points: number;
  /** Points that a telling ended without: writes do not always come in the same number. */
  notReached: number;
}

type Point = Omit<CrashPoint, "kill">;

/** Without a write for so long, a story that has come to its end is over. */
const quietMs = 250;

/**
 * Tells a scenario without faults, then once for each of its writes and side of it, the operator being killed there and
 * started anew, and throws unless each telling ends as the first.
 */
export async function crashPoints(scenario: Scenario, runners: readonly ScenarioRunner[]): Promise<CrashPoints> {
  await Promise.all(runners.map((runner) => runner.use(scenario)));
  const { summary, writes } = await tell(scenario, runners[0]!);
  checkEnd(scenario, summary);
  const points: Point[] = [];
  for (let write = 1; write <= writes; write++) points.push({ write, when: "before" }, { write, when: "after" });
  const queue = [...points];
  const failures: string[] = [];
  let notReached = 0;
  await Promise.all(runners.map(async (runner) => {
    for (let point = queue.shift(); point && failures.length < 3; point = queue.shift()) {
      try {
        const told = await tell(scenario, runner, { point, expected: summary });
        if (!told.reached) notReached++;
        say(
          `${scenario.name}: killed ${point.when} write ${point.write} of ${writes}${
            told.reached ? "" : " (not reached)"
          }`,
        );
      } catch (error) {
        failures.push(`killed ${point.when} write ${point.write} of ${writes}: ${(error as Error).message}`);
        console.error(`${scenario.name}, ${failures.at(-1)}\n${tail(await runner.logs())}`);
      }
    }
  }));
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return { writes, points: points.length, notReached };
}

async function tell(
  scenario: Scenario,
  runner: ScenarioRunner,
  fault?: { point: Point; expected: Summary },
): Promise<{ summary: Summary; writes: number; reached: boolean }> {
  await runner.use(scenario);
  const world = await runner.begin(scenario);
  await quiet(runner);
  const before = runner.proxy.writes();
  const crash = fault && runner.killAt(fault.point);
  await scenario.run(world);
  let last: Summary | undefined;
  const ended = async () => {
    last = await world.summary();
    return fault ? isDeepStrictEqual(last, fault.expected) : isEnd(scenario, last);
  };
  await eventually("the story ends", ended, {
    seconds: 45,
    last: () => fault ? difference(last!, fault.expected) : last,
  });
  await quiet(runner);
  await runner.back();
  const reached = crash?.reached() ?? false;
  if (fault) await remains(world, fault.expected);
  const writes = runner.proxy.writes() - before;
  runner.proxy.recover();
  const summary = await world.summary();
  await runner.clear();
  return { summary, writes, reached };
}

/** Nothing more happens after the end. */
async function remains(world: World, expected: Summary): Promise<void> {
  const summary = await world.summary();
  if (!isDeepStrictEqual(summary, expected)) {
    throw new Error(`it did not stay as it was: ${JSON.stringify(difference(summary, expected))}`);
  }
}

async function quiet({ proxy, back }: ScenarioRunner): Promise<void> {
  for (;;) {
    await back();
    const left = quietMs - (performance.now() - proxy.lastWrite());
    if (left <= 0) return;
    await pause(left);
  }
}

function isEnd({ end }: Scenario, summary: Summary): boolean {
  return isDeepStrictEqual(phases(summary), end.requests) && isDeepStrictEqual(images(summary), end.images);
}

function checkEnd(scenario: Scenario, summary: Summary): void {
  if (!isEnd(scenario, summary)) throw new Error(`it did not stay as it was: ${JSON.stringify(summary)}`);
}

function phases({ requests }: Summary): Record<string, string> {
  return Object.fromEntries(Object.entries(requests).map(([name, { phase }]) => [name, phase]));
}

function images({ workloads }: Summary): Record<string, Record<string, string>> {
  return Object.fromEntries(Object.entries(workloads).map(([name, { images }]) => [name, images]));
}

/** The parts of two summaries that differ, as [is, should be]. */
function difference(is: unknown, expected: unknown, path = ""): Record<string, unknown> {
  if (isDeepStrictEqual(is, expected)) return {};
  if (!isPlain(is) || !isPlain(expected)) return { [path]: [is, expected] };
  const keys = new Set([...Object.keys(is), ...Object.keys(expected)]);
  return Object.assign(
    {},
    ...[...keys].map((key) => difference(is[key], expected[key], path ? `${path} ${key}` : key)),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const tail = (log: string): string => log.trimEnd().split("\n").slice(-60).join("\n");

function say(line: string): void {
  if (process.env.HEADWIND_TEST_VERBOSE) console.error(line);
}
