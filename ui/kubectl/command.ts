import type { Advise } from "./advice.ts";
import type { Cluster } from "./cluster.ts";
import type { Paint } from "./print.ts";

/** What `-o` may ask for; each command says which of them it knows. */
export type Format = "json" | "yaml" | "name" | "wide";

/** What the shell may offer in a place. */
export type Offer =
  | "namespace"
  | "context"
  | "cluster"
  | "user"
  | "file"
  | "format"
  | "shell"
  | "workload"
  | "container"
  | "undecided request"
  | "ended request"
  | "version of the history"
  | "offered version"
  | "held version";

export interface Flag {
  name: string;
  short?: string;
  /** What its value is called in the help. Absent: it has none. */
  value?: string;
  help: string;
  offer?: Offer;
}

export interface Argument {
  name: string;
  optional?: boolean;
  /** The last one may be given several times. */
  several?: true;
  offer?: Offer;
}

/** One command line, read. */
export interface Call {
  /** Undefined where it was left out, which only an optional one may be. */
  argument(name: string): string | undefined;
  /** All that were given of one that may be given several times. */
  all(name: string): readonly string[];
  value(flag: string): string | undefined;
  has(flag: string): boolean;
  /** Connects, the first time it is asked. */
  cluster(): Promise<Cluster>;
  /** A line beside the result, on standard error. */
  note(text: string): void;
  advise: Advise;
  now(): Date;
}

export interface Look {
  wide: boolean;
  paint: Paint;
  now: Date;
}

/** What came of a command; it prints nothing by itself. */
export interface Result {
  /** For `-o json` and `-o yaml`. */
  data?: unknown;
  /** For `-o name`. */
  names?: readonly string[];
  /** For people, without a line feed at its end; empty: nothing is printed. */
  text(look: Look): string;
  /** Some of it failed, as it says: the exit code is 1. */
  failed?: boolean;
}

export interface Command {
  name: string;
  /** One line, without a full stop. */
  summary: string;
  /** What else there is to say. */
  about?: string;
  arguments: readonly Argument[];
  flags: readonly Flag[];
  formats: readonly Format[];
  /** Whether it changes something, and so has `--dry-run`. */
  writes?: boolean;
  /** Whether it asks no cluster, and so has no flags that choose one. */
  local?: boolean;
  examples: readonly string[];
  /** @throws {UsageError} for what no cluster has to be asked for, else any error */
  run(call: Call): Promise<Result>;
}
