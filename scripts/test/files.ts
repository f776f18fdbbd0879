import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

export type Runtime = "deno" | "node";

/** One file of tests, and what the comments at its head say of it. */
export interface TestFile {
  /** Relative to the folder it was looked for in, such as `core/versions/reference.test.ts`. */
  name: string;
  path: string;
  /** `// runs on: deno, node`. Without it: both, but Deno alone for a file that uses the test bed, Node alone for a browser. */
  runtimes: Runtime[];
  /** `// timeout: 600`, in seconds. */
  timeoutSeconds?: number;
  /** `// lane: NAME`: files of one lane run one at a time, of `e2e` two. Those under `e2e/` and `browser/` are of a lane of that name. */
  lane?: string;
  /** `// lane: NAME, alone`: no other of the lane beside it, and fewer files of all. For those that compare how long something takes. */
  alone?: boolean;
  /** Whether it, or what it imports, uses binaries of the test bed, the shared control plane, the shared registry, Chromium. */
  uses: { assets: boolean; cluster: boolean; registry: boolean; chromium: boolean };
}

/** All files `*.test.ts` under `root`, by name. Throws on a head that it does not understand. */
export async function collect(root: string): Promise<TestFile[]> {
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".test.ts")).sort();
  return await Promise.all(names.map((name) => describe(root, name)));
}

async function describe(root: string, name: string): Promise<TestFile> {
  const path = join(root, name);
  const marks = marksOf(name, await readFile(path, "utf8"));
  const lane = marks.lane ?? /^(e2e|browser)\//.exec(name)?.[1];
  const imported = [...await imports(path)].map((file) => relative(root, file));
  const [cluster, registry] = [imported.includes("support/cluster.ts"), imported.includes("support/registry.ts")];
  const assets = cluster || registry || imported.some((file) => file.endsWith("scripts/testbed/assets.ts"));
  const chromium = imported.some((file) => file.endsWith("scripts/testbed/chromium.ts"));
  return {
    name,
    path,
    // playwright-core is made for Node
    runtimes: marks.runtimes ?? (chromium ? ["node"] : assets ? ["deno"] : ["deno", "node"]),
    ...(marks.timeoutSeconds ? { timeoutSeconds: marks.timeoutSeconds } : {}),
    ...(lane ? { lane } : {}),
    ...(marks.alone ? { alone: true } : {}),
    uses: { assets, cluster, registry, chromium },
  };
}

/** The marks in the comments before a file's first line of code. */
export function marksOf(
  name: string,
  text: string,
): Partial<Pick<TestFile, "runtimes" | "timeoutSeconds" | "lane" | "alone">> {
  const head = /^(?:\/\/.*\n|\s*\n)*/.exec(text)?.[0] ?? "";
  const mark = (key: string) => new RegExp(`^// ${key}: *(.*)$`, "m").exec(head)?.[1]?.trim();
  const [on, timeout, lane] = [mark("runs on"), mark("timeout"), mark("lane")];
  const runtimes = on?.split(/, */).map((runtime) => {
    if (runtime !== "deno" && runtime !== "node") throw new Error(`${name}: "runs on" knows no ${runtime}`);
    return runtime as Runtime;
  });
  const timeoutSeconds = timeout === undefined ? undefined : Number(timeout);
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) throw new Error(`${name}: "timeout" wants seconds`);
  const [, named, alone] = /^([^,]+)(, alone)?$/.exec(lane ?? "") ?? [];
  if (lane !== undefined && !named) throw new Error(`${name}: "lane" wants NAME or NAME, alone`);
  return {
    ...(runtimes ? { runtimes } : {}),
    ...(timeoutSeconds ? { timeoutSeconds } : {}),
    ...(named ? { lane: named } : {}),
    ...(alone ? { alone: true } : {}),
  };
}

/**
 * Which of two begins first, once the test bed is there: those of a lane, so that the others run beside them, the ones first that
 * may take long by their mark, and last those that compare times, when nothing is built beside them any more; the others that use the
 * test bed.
 */
export function compareTurns(a: TestFile, b: TestFile): number {
  const turn = ({ alone, timeoutSeconds = 0, lane, uses }: TestFile) => [
    lane === undefined ? 1 : 0,
    alone ? 1 : 0,
    lane === undefined ? 0 : -Math.max(timeoutSeconds, 300),
    uses.assets ? 0 : 1,
  ];
  const [first, second] = [turn(a), turn(b)];
  return first.map((value, index) => value - second[index]!).find((difference) => difference !== 0) ?? 0;
}

/** A file and all that it imports by relative paths. */
async function imports(path: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(path) || !existsSync(path)) return seen;
  seen.add(path);
  const text = await readFile(path, "utf8");
  for (const [, specifier] of text.matchAll(/\bfrom "(\.[^"]+)"/g)) {
    await imports(join(dirname(path), specifier!), seen);
  }
  return seen;
}
