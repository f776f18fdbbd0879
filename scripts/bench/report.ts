import { updaterCalls } from "./api_calls.ts";
import { percentile } from "./percentile.ts";
import type { Phases } from "./phases.ts";
import type {
  BenchResults,
  IndexRead,
  IndexResult,
  LighthouseResult,
  LiveResult,
  OneImageResult,
  PagesResult,
  PollResult,
  SizeResult,
  TagsResult,
} from "./results.ts";
import { textTable } from "./table.ts";

/** One row of the table, for one number of workloads. `met` is undefined where there is no target. */
interface Cell {
  floor: string;
  operator: string;
  met: boolean | undefined;
}

interface Figure {
  name: string;
  target: string;
  of(size: SizeResult): Cell;
}

const rssTargets: [workloads: number, megabytes: number][] = [[1000, 95], [10_000, 135], [100_000, 350]];

const figures: Figure[] = [
  latency("webhook sent → workload patched, p50", 50, 1.1),
  latency("webhook sent → workload patched, p99", 99, 1.5),
  {
    name: "burst, events per second",
    target: "≥ 0.95 × floor",
    of({ floor, operator }) {
      const [least, rate] = [rateOf(floor), rateOf([operator])];
      return { floor: least.toFixed(0), operator: times(rate.toFixed(0), rate / least), met: rate >= 0.95 * least };
    },
  },
  {
    name: "burst, acknowledged but lost",
    target: "0",
    of: ({ floor, operator }) => ({
      floor: String(sum(floor, ({ burst }) => burst.lost)),
      operator: String(operator.burst.lost),
      met: operator.burst.lost === 0,
    }),
  },
  perEvent("API calls per event", "", ({ calls }) => updaterCalls(calls), {
    target: "≤ 5: 3 writes, 2 Events",
    isMet: (calls) => Number(calls.toFixed(2)) <= 5,
  }),
  perEvent("CPU per event", " ms", ({ cpuMs }) => cpuMs, {
    target: "≤ 2 × floor",
    isMet: (ms, least) => ms <= 2 * least,
  }),
  {
    name: "RSS after the run",
    target: rssTargets.map(([, limit]) => `≤ ${limit}`).join(" / ") + " MB",
    of({ workloads, floor, operator }) {
      const limit = rssTargets.find(([most]) => workloads <= most)?.[1];
      return {
        floor: megabytes(Math.max(...floor.map(({ rssAfter }) => rssAfter))),
        operator: megabytes(operator.rssAfter),
        met: limit === undefined ? undefined : operator.rssAfter <= limit * 1e6,
      };
    },
  },
  {
    name: "RSS, highest",
    target: "",
    of: ({ floor, operator }) => ({
      floor: megabytes(Math.max(...floor.map(({ peakRss }) => peakRss))),
      operator: megabytes(operator.peakRss),
      met: undefined,
    }),
  },
  {
    name: "start → ready, beside the lists alone",
    target: "≤ 1.2 × lists, from 10,000 on",
    of({ workloads, readyMs, listsMs }) {
      const [ms, least] = [percentile(readyMs, 50), percentile(listsMs, 50)];
      return {
        floor: `${(least / 1000).toFixed(2)} s`,
        operator: times(`${(ms / 1000).toFixed(2)} s`, ms / least),
        met: workloads < 10_000 ? undefined : ms <= 1.2 * least,
      };
    },
  },
];

const besideRegistry = figures.slice(0, 6);

/** The tables of one run, as text; the first row of each is its head. */
export function tables(
  { sizes, registry, poll, oneImage, index, tags, lighthouse, pages, live }: BenchResults,
): string[][][] {
  return [
    ...(sizes.length > 0 ? [sizeRows("figure", figures, sizes)] : []),
    ...(registry ? [sizeRows("with a registry, asked for each version", besideRegistry, [registry])] : []),
    ...(poll ? [pollRows(poll)] : []),
    ...(oneImage ? [oneImageRows(oneImage)] : []),
    ...(index ? [indexRows(index)] : []),
    ...(tags ? [tagRows(tags)] : []),
    ...(lighthouse ? [lighthouseRows(lighthouse)] : []),
    ...(pages ? [pageRows(pages)] : []),
    ...(live ? [liveRows(live)] : []),
  ];
}

function sizeRows(what: string, figures: readonly Figure[], sizes: readonly SizeResult[]): string[][] {
  const head = [
    what,
    ...sizes.flatMap(({ workloads }) => {
      const count = grouped(workloads);
      return [`floor ${count}`, `operator ${count}`];
    }),
    "target",
    "met?",
  ];
  const body = figures.map(({ name, target, of }) => {
    const cells = sizes.map((size) => ({ count: grouped(size.workloads), ...of(size) }));
    return [name, ...cells.flatMap(({ floor, operator }) => [floor, operator]), target, verdict(cells)];
  });
  return [head, ...body];
}

/** The machine of one run, in words. */
export function machineOf({ machine }: BenchResults): string {
  const memory = (machine.memoryBytes / 2 ** 30).toFixed(0);
  return `${machine.cores} × ${machine.cpu}, ${memory} GiB, load ${machine.load.toFixed(2)}`;
}

/** What one run prints. */
export function report(results: BenchResults): string {
  const { date, versions, sizes } = results;
  const own = sizes.map((size) => `${percentile(size.floorOwnTimes, 50).toFixed(1)} ms at ${grouped(size.workloads)}`);
  return [
    `${date}, ${machineOf(results)}`,
    Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "),
    ...tables(results).flatMap((rows) => ["", textTable(rows)]),
    ...(sizes.length > 0
      ? [
        "",
        "Floor and operator are both timed by the benchmark's own watch. By the floor's own clock, from start to answered",
        `patch, its p50 is ${own.join(", ")}.`,
        "Others, measured earlier in the same way, on another day: Headwind 0.1.0 (Rust) 101 ms and 143 MB at 1,000, 705 ms and",
        "1,148 MB at 10,000, 70 of 100 acknowledged events lost by a kill; Keel 400 ms and 148 MB, 399 ms and 401 MB, 100 of 100.",
      ]
      : []),
  ].join("\n");
}

/** Why the run is a failure, whatever the figures are; empty when it is none. */
export function failures({ sizes, registry, oneImage }: BenchResults): string[] {
  const lost = oneImage?.lost ? [`${oneImage.lost} of ${grouped(oneImage.workloads)} of one image lost`] : [];
  const ofSizes = [...sizes, ...(registry ? [registry] : [])].flatMap(({ workloads, operator: { burst } }) => [
    ...(burst.lost > 0
      ? [`${burst.lost} of ${burst.acknowledged} acknowledged events lost at ${grouped(workloads)}`]
      : []),
    ...(burst.acknowledged < burst.events
      ? [`${burst.events - burst.acknowledged} of ${burst.events} events refused at ${grouped(workloads)}`]
      : []),
  ]);
  return [...lost, ...ofSizes];
}

const yes = (met: boolean): string => met ? "yes" : "no";

function oneImageRows(result: OneImageResult): string[][] {
  const { workloads, namespaces, storedMs, appliedMs, lost, rssBefore, peakRss } = result;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s, ${(workloads * 1000 / ms).toFixed(0)} per second`;
  const wait = (ms: number) => [`${ms.toFixed(0)} ms`, "≤ 1000 ms", yes(ms <= 1000)];
  return [
    [
      `one image in ${grouped(workloads)} workloads of ${namespaces} namespaces, told by one webhook`,
      "operator",
      "target",
      "met?",
    ],
    ["all stored, and the webhook answered", seconds(storedMs), "", ""],
    ["all applied", seconds(appliedMs), "", ""],
    ["acknowledged but lost", String(lost), "0", yes(lost === 0)],
    ["RSS, before and highest", `${megabytes(rssBefore)}, ${megabytes(peakRss)}`, "", ""],
    ["longest wait for /readyz meanwhile", ...wait(result.longestReadyMs)],
    ["longest wait of another webhook meanwhile", ...wait(result.longestWebhookMs)],
  ];
}

function pollRows(poll: PollResult): string[][] {
  const { workloads, repositories, tags, tagLists, heads, manifestGets, others } = poll;
  const what = `poll of ${grouped(workloads)} workloads, ${repositories} repositories × ${tags} tags, unchanged`;
  return [
    [what, "operator", "target", "met?"],
    ["tag lists", String(tagLists), String(repositories), yes(tagLists === repositories)],
    ["HEAD of manifests", String(heads), `≤ ${repositories}`, yes(heads <= repositories)],
    ["GET of manifests", String(manifestGets), "0", yes(manifestGets === 0)],
    ["other requests", String(others), "", ""],
  ];
}

function indexRows({ charts, versions, bytes, operator, jsYaml, lineScan }: IndexResult): string[][] {
  const ms = (reads: IndexRead[]) => percentile(reads.map(({ ms }) => ms), 50);
  const used = (reads: IndexRead[]) => Math.max(...reads.map(({ idleRss, peakRss }) => peakRss - idleRss));
  const factor = ms(operator) / ms(jsYaml);
  const time = (value: number) => `${value.toFixed(0)} ms`;
  return [
    [
      `Helm index of ${megabytes(bytes)}, ${charts} charts × ${versions} versions`,
      "js-yaml",
      "line scan",
      "operator",
      "target",
      "met?",
    ],
    [
      "time to read it, 5 charts wanted",
      time(ms(jsYaml)),
      time(ms(lineScan)),
      times(time(ms(operator)), factor),
      "≤ 0.25 × js-yaml",
      yes(factor <= 0.25),
    ],
    [
      "memory above idle, highest",
      ...[jsYaml, lineScan, operator].map((reads) => megabytes(used(reads))),
      "≤ 64 MB",
      yes(used(operator) <= 64e6),
    ],
  ];
}

function tagRows({ successions, exact, pairs, steppedDown, tags, floorMs, decisions }: TagsResult): string[][] {
  const share = exact / successions;
  const time = (name: string, ms: number, most: number) => [
    `decision over ${grouped(tags)} tags, ${name}`,
    `${floorMs.toFixed(2)} ms`,
    times(`${ms.toFixed(2)} ms`, ms / floorMs),
    `≤ ${most} × floor`,
    yes(ms <= most * floorMs),
  ];
  const slowest = decisions.reduce((a, b) => a.ms >= b.ms ? a : b);
  return [
    [
      `real tags: ${grouped(successions)} successions, ${grouped(pairs)} steps down`,
      "floor",
      "operator",
      "target",
      "met?",
    ],
    [
      "successions chosen exactly",
      "",
      `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`,
      "≥ 99.9 %",
      yes(share >= 0.999),
    ],
    ["stepped down", "", String(steppedDown), "0", yes(steppedDown === 0)],
    time("policy minor", decisions.find(({ policy }) => policy === "minor")!.ms, 0.4),
    time(`the slowest policy, ${slowest.policy}`, slowest.ms, 0.75),
  ];
}

function lighthouseRows(results: LighthouseResult[]): string[][] {
  const cell = (value: number) => String(value);
  return [
    [
      "Lighthouse, a phone on a slow network, of 100",
      "performance",
      "accessibility",
      "best practices",
      "target",
      "met?",
    ],
    ...results.map(({ page, performance, accessibility, bestPractices }) => [
      page,
      ...[performance, accessibility, bestPractices].map(cell),
      "≥ 95, 100, 100",
      yes(performance >= 95 && accessibility === 100 && bestPractices === 100),
    ]),
  ];
}

function pageRows({ requests, workloads, stringifyMs, firstMs, pages }: PagesResult): string[][] {
  const floor = percentile(stringifyMs, 50);
  const row = (name: string, ms: number, most: number | undefined) => [
    name,
    `${floor.toFixed(1)} ms`,
    times(`${ms.toFixed(1)} ms`, ms / floor),
    most === undefined ? "" : `≤ ${most} × JSON.stringify`,
    most === undefined ? "" : yes(ms <= most * floor),
  ];
  return [
    [
      `server time of a page, ${grouped(requests)} UpdateRequests, ${grouped(workloads)} workloads`,
      "JSON.stringify of them",
      "operator",
      "target",
      "met?",
    ],
    ...pages.flatMap(({ page, ms }) => [
      row(`${page}, p50`, percentile(ms, 50), 0.3),
      row(`${page}, p99`, percentile(ms, 99), 1),
    ]),
    row("the first page after the start", firstMs, undefined),
  ];
}

function liveRows({ pages, messageBytes, bytesPerPage, bareMs, dashboardMs, gatheredMs }: LiveResult): string[][] {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const [bare, sent] = [percentile(bareMs, 99), percentile(dashboardMs, 99) - gatheredMs];
  return [
    [
      `a change of ${(messageBytes / 1000).toFixed(0)} kB seen by ${pages} open pages`,
      "bare server",
      "operator",
      "target",
      "met?",
    ],
    [
      `p99, after the ${gatheredMs} ms in which changes are gathered`,
      ms(bare),
      times(ms(sent), sent / bare),
      "≤ 2 × bare server",
      yes(sent <= 2 * bare),
    ],
    ["p99, from the change", "", ms(sent + gatheredMs), "< 1000 ms", yes(sent + gatheredMs < 1000)],
    [
      "memory of an open page",
      "",
      `${(bytesPerPage / 1024).toFixed(0)} KiB`,
      "≤ 64 KiB",
      yes(bytesPerPage <= 64 * 1024),
    ],
  ];
}

function latency(name: string, percent: number, factor: number): Figure {
  return {
    name,
    target: `≤ ${factor} × floor`,
    of({ floor, operator }) {
      const least = percentile(floor.flatMap(({ latencies }) => latencies), percent);
      const value = percentile(operator.latencies, percent);
      return {
        floor: `${least.toFixed(1)} ms`,
        operator: times(`${value.toFixed(1)} ms`, value / least),
        met: value <= factor * least,
      };
    },
  };
}

interface Target {
  target: string;
  isMet(value: number, least: number): boolean;
}

function perEvent(name: string, unit: string, of: (phases: Phases) => number, { target, isMet }: Target): Figure {
  const mean = (all: Phases[]) => sum(all, of) / sum(all, ({ events }) => events);
  return {
    name,
    target,
    of({ floor, operator }) {
      const [least, value] = [mean(floor), mean([operator])];
      return {
        floor: least.toFixed(2) + unit,
        operator: times(value.toFixed(2) + unit, value / least),
        met: isMet(value, least),
      };
    },
  };
}

function verdict(cells: { count: string; met: boolean | undefined }[]): string {
  const judged = cells.filter(({ met }) => met !== undefined);
  if (judged.length === 0) return "";
  const missed = judged.filter(({ met }) => !met).map(({ count }) => count);
  if (missed.length === 0) return "yes";
  return missed.length === judged.length ? "no" : `no, at ${missed.join(" and ")}`;
}

const sum = (all: Phases[], of: (phases: Phases) => number) => all.reduce((total, one) => total + of(one), 0);
const rateOf = (all: Phases[]) =>
  sum(all, ({ burst }) => burst.acknowledged - burst.lost) * 1000 / sum(all, ({ burst }) => burst.ms);
const times = (text: string, factor: number) => `${text} (${factor.toFixed(2)} ×)`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const grouped = (value: number) => value.toLocaleString("en-US");
