import type { Phases } from "./phases.ts";

/** All that one run measured: what `--json` writes. */
export interface BenchResults {
  /** RFC 3339. */
  date: string;
  machine: { cpu: string; cores: number; memoryBytes: number; /** Of the minute before. */ load: number };
  versions: Record<string, string>;
  sizes: SizeResult[];
  /** At the smallest of them, where floor and operator ask a registry for each version. */
  registry?: SizeResult;
  poll?: PollResult;
  oneImage?: OneImageResult;
  index?: IndexResult;
  tags?: TagsResult;
  lighthouse?: LighthouseResult[];
  pages?: PagesResult;
  live?: LiveResult;
}

/** One change after the other of the list of updates, until each open page has it whole; milliseconds. */
export interface LiveResult {
  pages: number;
  /** Of the message of a change. */
  messageBytes: number;
  /** By which the process is larger for each page that is open and was sent a change. */
  bytesPerPage: number;
  /** By a bare server that sends the same bytes, in the same process. */
  bareMs: number[];
  dashboardMs: number[];
  /** For as long changes are gathered before they are sent. */
  gatheredMs: number;
}

/** Pages of the dashboard, and what JSON.stringify takes for all requests that they are of, in one process by turns. Milliseconds. */
export interface PagesResult {
  requests: number;
  workloads: number;
  stringifyMs: number[];
  /** The first page of the process, for which each request is read. */
  firstMs: number;
  /** After a change of one request each. */
  pages: { page: string; ms: number[] }[];
}

/** What Lighthouse says of a page of the dashboard, of 100. */
export interface LighthouseResult {
  page: string;
  performance: number;
  accessibility: number;
  bestPractices: number;
  /** What took something off, by its titles. */
  lacks: string[];
}

/** At one number of workloads. The floor runs before and after the operator, so that a machine's drift meets both. */
export interface SizeResult {
  workloads: number;
  floor: Phases[];
  /** Of the floor's events by its own clock, without the watch's way to the benchmark. */
  floorOwnTimes: number[];
  operator: Phases;
  /** From the start of the process until it is ready; several starts. */
  readyMs: number[];
  /** Before each of these: from the start of a process that reads the same lists as JSON, and no more, until it has. */
  listsMs: number[];
}

/** The second poll of repositories that have not changed, from the registry's access log. */
export interface PollResult {
  workloads: number;
  repositories: number;
  tags: number;
  tagLists: number;
  heads: number;
  manifestGets: number;
  others: number;
}

/** One image in many workloads, told by one webhook. */
export interface OneImageResult {
  workloads: number;
  namespaces: number;
  /** Until the webhook was answered: all that follows is stored. */
  storedMs: number;
  /** Until the last one was patched and its status written. */
  appliedMs: number;
  /** Acknowledged, and not completed within a quarter of an hour. */
  lost: number;
  /** Before the webhook. */
  rssBefore: number;
  peakRss: number;
  /** While these moved: the longest that `/readyz`, and that a webhook of another image, waited for an answer. */
  longestReadyMs: number;
  longestWebhookMs: number;
}

/** The reading of one Helm index, several times each. */
export interface IndexResult {
  charts: number;
  versions: number;
  bytes: number;
  operator: IndexRead[];
  /** Its `load` of the whole text. */
  jsYaml: IndexRead[];
  /** A search for line breaks alone. */
  lineScan: IndexRead[];
}

/** One reading, in a process of its own. */
export interface IndexRead {
  ms: number;
  idleRss: number;
  /** While it read. */
  peakRss: number;
}

/** What policies choose of real tags, and how long that takes. */
export interface TagsResult {
  /** Successions of real tags, and how many of them are chosen exactly. */
  successions: number;
  exact: number;
  /** Pairs of which the older must never be chosen, and how many times it is. */
  pairs: number;
  steppedDown: number;
  /** Length of the list in which decisions are timed. */
  tags: number;
  /** Milliseconds that the `semver` package needs to find the highest of that list in a range. */
  floorMs: number;
  /** Milliseconds of one decision. */
  decisions: { policy: string; ms: number }[];
}
