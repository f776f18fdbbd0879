import { readFile } from "node:fs/promises";
import type * as z from "zod";
import { decodeUtf8 } from "../lib/bytes.ts";
import { delay } from "../lib/delay.ts";
import type { Log } from "../plugin.ts";
import { readConfig } from "./read_config.ts";
import { stampOf } from "../runtime/file_stamp.ts";

/** How a file with settings stands. */
export interface ConfigFileState {
  /** The ConfigMap that it is mounted from. */
  name: string;
  path: string;
  /** `absent`: it was never there, and all is as by default; `broken`: what was read last counts, or the default where nothing was. */
  status: "absent" | "read" | "broken";
  /** When what counts was read, in milliseconds since 1970; absent where it is the default. */
  readAt?: number;
  /** What is wrong with it now, a sentence each. */
  problems: readonly string[];
  /** What of it nobody reads, a sentence each. */
  unknown: readonly string[];
}

/** A file with settings that count as soon as it is another. */
export interface ConfigFile<T> {
  value(): T;
  state(): ConfigFileState;
  /** The settings that what counts was read from, `observability.metricsBackend`; the others are as by default. */
  given(): readonly string[];
  /** Reads it if it is another than it was. Never rejects. */
  look(): Promise<void>;
  /** Looks at it until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export interface ConfigFileOptions<T extends z.ZodType> {
  name: string;
  path: string;
  /** Takes `{}`, which gives the defaults. */
  schema: T;
  log: Log;
  now(): Date;
  /** Told whenever its state is another. */
  onChange?(state: ConfigFileState): void;
  /**
   * Milliseconds between two looks.
   *
   * @default 2000
   */
  everyMs?: number;
}

/** That of a ConfigMap. */
const MOST_BYTES = 1 << 20;

/**
 * A kubelet writes a ConfigMap's files into a new folder and then swaps the link `..data`, which the path leads through: so each look
 * finds the old file or the new one, whole. It is looked at by its stamp every other second; a watch of the folder would tell of it no
 * sooner than that after the minute that a kubelet takes, and tells nothing on some file systems.
 */
export function createConfigFile<T extends z.ZodType>(options: ConfigFileOptions<T>): ConfigFile<z.infer<T>> {
  const { name, path, schema, log, now, onChange, everyMs = 2000 } = options;
  let value = schema.parse({});
  let state: ConfigFileState = { name, path, status: "absent", problems: [], unknown: [] };
  let given: readonly string[] = [];
  let stamp: string | undefined;
  let looking: Promise<void> | undefined;

  function become(next: Pick<ConfigFileState, "status" | "problems" | "unknown">, readAt = state.readAt): void {
    const wasSaid = JSON.stringify([state.status, state.problems, state.unknown]);
    state = { name, path, ...next, ...(readAt === undefined ? {} : { readAt }) };
    if (state.status === "broken" && JSON.stringify([state.status, state.problems, state.unknown]) !== wasSaid) {
      log.warn("a file with settings cannot be used: what counted before stays", {
        file: path,
        problems: next.problems,
      });
    }
    onChange?.(state);
  }

  async function read(): Promise<void> {
    const found = await stampOf(path);
    const current = "stamp" in found ? found.stamp : found.problem;
    if (current === stamp) return;
    stamp = current;
    if ("problem" in found) {
      if (found.isMissing && state.readAt === undefined && state.status === "absent") return;
      const problem = found.isMissing ? "it is gone" : `it cannot be read: ${found.problem}`;
      return become({ status: "broken", problems: [problem], unknown: [] });
    }
    if (found.bytes > MOST_BYTES) {
      return become({ status: "broken", problems: [`it has more than ${MOST_BYTES} bytes`], unknown: [] });
    }
    const text = textOf(await readFile(path));
    if (text === undefined) return become({ status: "broken", problems: ["it is no UTF-8"], unknown: [] });
    const said = await readConfig(text, schema);
    if (!said.ok) return become({ status: "broken", problems: said.problems, unknown: [] });
    ({ value, given } = said);
    log.info("settings were read", { file: path });
    for (const sentence of said.unknown) log.warn(sentence, { file: path });
    become({ status: "read", problems: [], unknown: said.unknown }, now().getTime());
  }

  async function look(): Promise<void> {
    looking ??= read().catch((error) => {
      // it went, or changed, while it was read: it is looked at again
      stamp = undefined;
      become({ status: "broken", problems: [`it cannot be read: ${codeOf(error)}`], unknown: [] });
    }).finally(() => looking = undefined);
    await looking;
  }

  return {
    value: () => value,
    state: () => state,
    given: () => given,
    look,
    async run(signal) {
      while (!signal.aborted) {
        await look();
        await delay(everyMs, signal).catch(() => {});
      }
    },
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeUtf8(bytes);
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): string =>
  (error as { code?: string }).code ?? (error instanceof Error ? error.message : String(error));
