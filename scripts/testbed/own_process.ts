import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { delay } from "../../core/lib/delay.ts";
import { startTied, type Tied } from "./processes.ts";

/** A process tied to this one, asked to end before it is killed, so that it can end what it has started in its turn. */
export interface OwnProcess extends Pick<Tied, "ended" | "tail" | "log"> {
  pid(): Promise<number>;
  /** SIGTERM, and SIGKILL after five seconds. */
  stop(): Promise<void>;
}

export interface OwnProcessOptions {
  name: string;
  /** A script of this repository, run by this runtime. */
  script: string;
  args?: string[];
  /** Folder for its log. */
  dir: string;
  env?: Record<string, string>;
  /** Variables that it takes over, besides those that say where the runtime's caches are. */
  inherits?: readonly string[];
  /** As of `startTied`. */
  output?: string;
}

export function startOwnProcess(options: OwnProcessOptions): OwnProcess {
  const { name, script, args = [], dir, env = {}, inherits = [], output } = options;
  const pidFile = join(dir, `${name}.pid`);
  const runtime = "Deno" in globalThis ? ["run", "--allow-all", "--quiet"] : ["--no-warnings"];
  const command = [process.execPath, ...runtime, script, ...args];
  const { ended, tail, log, stop } = startTied({
    name,
    command: "sh",
    args: ["-c", 'echo $$ >"$0"; exec "$@"', pidFile, ...command],
    dir,
    ...(output ? { output } : {}),
    env: { ...inherited(["HOME", "DENO_DIR", "XDG_CACHE_HOME", ...inherits]), DENO_NO_UPDATE_CHECK: "1", ...env },
  });
  const pid = async () => Number(await readFile(pidFile, "utf8"));
  return {
    ended,
    tail,
    log,
    pid,
    async stop() {
      if (ended() === undefined) await pid().then((number) => process.kill(number, "SIGTERM")).catch(() => {});
      const deadline = performance.now() + 5_000;
      while (ended() === undefined && performance.now() < deadline) await delay(20);
      await stop();
    },
  };
}

const inherited = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => process.env[name] === undefined ? [] : [[name, process.env[name]!]]));
