import { availableParallelism } from "node:os";
import { HELP, readOptions } from "../command_line.ts";
import type { Runtime } from "./files.ts";

export const usage = `usage: npm test [-- FILTER… --jobs N --runtime deno|node|both --timeout SECONDS --list --help]

Runs the files test/**/*.test.ts whose path holds one of the filters; without a filter, all.

  --jobs N           files at a time (default: one more than processors, at most 4)
  --runtime R        only on this runtime (default both: files that use the test bed run on Deno, those that use a
                     browser on Node, all others on both)
  --timeout SECONDS  for a file that names none (default 300)
  --folder DIR       look here instead of in test/
  --list             name the files and run nothing

The head of a file may say:  // runs on: deno, node
                             // timeout: 600
                             // lane: NAME      one at a time; e2e/ and browser/ are a lane each, and e2e/ has two
                             // lane: e2e, alone   no other of e2e/ beside it: it compares how long something takes`;

export interface Arguments {
  filters: string[];
  jobs: number;
  runtime: Runtime | "both";
  timeout: number;
  folder?: string;
  list: boolean;
  help: boolean;
}

/** Reads the command line. Throws with a sentence. */
export function parseArguments(given: readonly string[]): Arguments {
  const options = {
    jobs: { type: "string", default: String(Math.min(4, availableParallelism() + 1)) },
    runtime: { type: "string", default: "both" },
    timeout: { type: "string", default: "300" },
    folder: { type: "string" },
    list: { type: "boolean", default: false },
    ...HELP,
  } as const;
  const { values, positionals } = readOptions(given, options, { allowPositionals: true });
  const { runtime, folder, list, help } = values;
  if (runtime !== "deno" && runtime !== "node" && runtime !== "both") {
    throw new Error(`--runtime wants deno, node or both, not ${runtime}`);
  }
  return {
    filters: positionals,
    jobs: countOf("--jobs", values.jobs),
    runtime,
    timeout: countOf("--timeout", values.timeout),
    ...(folder === undefined ? {} : { folder }),
    list,
    help,
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${option} wants a number from 1 on`);
  return count;
}
