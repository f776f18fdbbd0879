import { HELP, readOptions } from "../command_line.ts";

export interface BenchArguments {
  /** Numbers of Deployments to measure at, ascending. */
  workloads: number[];
  /** Events one after the other. */
  samples: number;
  /** Events at once. */
  burst: number;
  poll: boolean;
  /** Workloads of one image that one webhook tells of; 0: none. */
  oneImage: number;
  /** Also with a registry that is asked for each version. */
  registry: boolean;
  /** Also the reading of a large Helm index, or nothing else. */
  index: boolean | "only";
  /** Also what is chosen of real tags, or nothing else. */
  tags: boolean | "only";
  /** Also what Lighthouse says of the dashboard, or nothing else. */
  lighthouse: boolean | "only";
  /** Also what pages of the dashboard take, or nothing else. */
  pages: boolean | "only";
  /** Also how soon open pages of the dashboard have a change, or nothing else. */
  live: boolean | "only";
  /** File for all numbers. */
  json?: string;
  /** Keep the figures for the README. */
  save: boolean;
  /** Folder for CPU profiles of the operator. */
  profile?: string;
  help: boolean;
}

export const usage = `usage: npm run bench [-- OPTIONS]
       npm run bench -- mutants [OPTIONS]   how much the unit tests notice; --help there says more

Measures the operator, as released, against a real control plane, beside a floor: a client that does the same three
writes for each event and nothing else. Takes about 13 minutes.

  --workloads N,N   numbers of Deployments to measure at (default 1000,10000)
  --samples N       events one after the other (default 200)
  --burst N         events at once; at most the smallest number of workloads (default 500)
  --no-registry     leave out the events whose versions a registry is asked for
  --no-poll         leave the poll of 50 repositories out
  --one-image N     workloads of one image that one webhook tells of (default 10000; 0: leave that out)
  --no-index        leave the reading of a Helm index of 36 MB out
  --only-index      nothing but that; it needs no control plane
  --no-tags         leave out what policies choose of real tags
  --only-tags       nothing but that; it needs no control plane
  --no-lighthouse   leave out what Lighthouse says of the dashboard
  --only-lighthouse nothing but that
  --no-pages        leave out what pages of the dashboard take
  --only-pages      nothing but that; it needs no control plane
  --no-live         leave out how soon open pages of the dashboard have a change
  --only-live       nothing but that; it needs no control plane
  --json FILE       write all numbers to FILE
  --save            keep the tables in scripts/bench/latest.json, from which \`npm run docs\` brings them into the README
  --profile DIR     write CPU profiles of the operator to DIR; its figures are not to be compared then
  --help            this text`;

/** Each may be the only one that is measured. */
const PARTS = ["index", "tags", "lighthouse", "pages", "live"] as const;

/** Reads the command line. Throws with a sentence. */
export function parseArguments(args: string[]): BenchArguments {
  const { values } = readOptions(args, {
    workloads: { type: "string", default: "1000,10000" },
    samples: { type: "string", default: "200" },
    burst: { type: "string", default: "500" },
    poll: { type: "boolean", default: true },
    "one-image": { type: "string", default: "10000" },
    registry: { type: "boolean", default: true },
    index: { type: "boolean", default: true },
    "only-index": { type: "boolean", default: false },
    tags: { type: "boolean", default: true },
    "only-tags": { type: "boolean", default: false },
    lighthouse: { type: "boolean", default: true },
    "only-lighthouse": { type: "boolean", default: false },
    pages: { type: "boolean", default: true },
    "only-pages": { type: "boolean", default: false },
    live: { type: "boolean", default: true },
    "only-live": { type: "boolean", default: false },
    json: { type: "string" },
    save: { type: "boolean", default: false },
    profile: { type: "string" },
    ...HELP,
  });
  const workloads = values.workloads.split(",").map((text) => positive("--workloads", text));
  const samples = positive("--samples", values.samples);
  const burst = positive("--burst", values.burst);
  const smallest = Math.min(...workloads);
  if (burst > smallest) throw new Error(`--burst ${burst}: more than the ${smallest} workloads; each gets one event`);
  if (values.save && values.profile) throw new Error("--save: figures of a run with --profile are not to be compared");
  const only = PARTS.filter((part) => values[`only-${part}`]);
  if (only.length > 1) throw new Error(`--only-${only[0]} and --only-${only[1]} leave nothing to measure`);
  for (const part of only) {
    if (values.save) throw new Error(`--save: a run with --only-${part} has not all figures to keep`);
    if (!values[part]) throw new Error(`--only-${part} and --no-${part} leave nothing to measure`);
  }
  const wanted = (part: typeof PARTS[number]) => values[`only-${part}`] ? "only" : only.length === 0 && values[part];
  return {
    workloads: [...new Set(workloads)].sort((a, b) => a - b),
    samples,
    burst,
    poll: values.poll,
    oneImage: values["one-image"].trim() === "0" ? 0 : positive("--one-image", values["one-image"]),
    registry: values.registry,
    index: wanted("index"),
    tags: wanted("tags"),
    lighthouse: wanted("lighthouse"),
    pages: wanted("pages"),
    live: wanted("live"),
    save: values.save,
    ...(values.json ? { json: values.json } : {}),
    ...(values.profile ? { profile: values.profile } : {}),
    help: values.help,
  };
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text.trim())) throw new Error(`${option}: "${text}" is not a whole number above 0`);
  return Number(text);
}
