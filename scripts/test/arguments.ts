import { availableParallelism } from "node:os";
import type { Runtime } from "./files.ts";

export const usage = `usage: npm test [-- FILTER… --jobs N --runtime deno|node|both --timeout SECONDS --list --help]

Runs the files test/**/*.test.ts whose path holds one of the filters; without a filter, all.

  --jobs N           files at a time (default: one more than processors, at most 4)
  --runtime R        only on this runtime (default both: files that use the test bed run on Deno, all others on both)
  --timeout SECONDS  for a file that names none (default 300)
  --folder DIR       look here instead of in test/
  --list             name the files and run nothing

The head of a file may say:  // runs on: deno, node
                             // timeout: 600
                             // lane: NAME      never at the same time as others of this lane (e2e/: the lane e2e)`;

export interface Arguments {
  filters: string[];
  jobs: number;
  runtime: Runtime | "both";
  timeout: number;
  folder?: string;
  list: boolean;
}

/** Throws with a sentence and the usage where an argument is wrong. */
export function parseArguments(given: string[]): Arguments | "help" {
  const found: Arguments = {
    filters: [],
    jobs: Math.min(4, availableParallelism() + 1),
    runtime: "both",
    timeout: 300,
    list: false,
  };
  const wrong = (sentence: string) => new Error(`${sentence}\n\n${usage}`);
  const rest = [...given];
  const value = (name: string) => {
    const next = rest.shift();
    if (next === undefined) throw wrong(`${name} wants a value`);
    return next;
  };
  const number = (name: string) => {
    const next = Number(value(name));
    if (!Number.isInteger(next) || next < 1) throw wrong(`${name} wants a number from 1 on`);
    return next;
  };
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === "--help" || next === "-h") return "help";
    else if (next === "--list") found.list = true;
    else if (next === "--jobs") found.jobs = number(next);
    else if (next === "--timeout") found.timeout = number(next);
    else if (next === "--folder") found.folder = value(next);
    else if (next === "--runtime") {
      const runtime = value(next);
      if (runtime !== "deno" && runtime !== "node" && runtime !== "both") {
        throw wrong(`--runtime wants deno, node or both, not ${runtime}`);
      }
      found.runtime = runtime;
    } else if (next.startsWith("-")) throw wrong(`unknown argument ${next}`);
    else found.filters.push(next);
  }
  return found;
}
