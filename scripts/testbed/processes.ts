import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";

/** A process that ends with this one, however this one ends. */
export interface Tied {
  name: string;
  /** Where its standard error goes, and its standard output unless that has a file of its own. */
  log: string;
  /** Its exit status or signal, once it has ended. */
  ended(): string | undefined;
  /** The last lines of its log. */
  tail(): Promise<string>;
  /** Kills it and waits until it is gone. */
  stop(): Promise<void>;
}

export interface TiedOptions {
  name: string;
  command: string;
  args: string[];
  /** Folder for `NAME.log`. */
  dir: string;
  env?: Record<string, string>;
  /** A file for standard output alone; `inherit`: both go where those of this process go, and there is no log. */
  output?: string;
  /** A folder that is worth nothing once the process has ended: removed then. */
  scratch?: string;
}

// The shell holds the reading end of a pipe to this process: when the writing end closes, because this process
// stopped it or died of anything (SIGKILL too), `read` returns and the command is killed. No signal can be missed.
const tie = `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
( read -r _ <&3; kill -KILL $child ) 2>/dev/null &
watch=$!
wait $child
code=$?
exec 3<&-
kill -KILL $watch 2>/dev/null
[ -z "$SCRATCH" ] || rm -rf "$SCRATCH"
exit $code
`;

/** Starts a command tied to this process. It gets a session of its own: Ctrl-C in the terminal reaches only us. */
export function startTied(options: TiedOptions): Tied {
  const { name, command, args, dir, env = {}, scratch = "" } = options;
  const log = join(dir, `${name}.log`);
  const inherits = options.output === "inherit";
  const err = openSync(log, "a");
  const out = options.output && !inherits ? openSync(options.output, "a") : err;
  const child = spawn("sh", ["-c", tie, name, command, ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? "", HOME: dir, SCRATCH: scratch, ...env },
    stdio: inherits ? ["pipe", "inherit", "inherit"] : ["pipe", out, err],
    detached: true,
  });
  for (const file of new Set([out, err])) closeSync(file);
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once("error", (error) => resolve(void (ended = error.message)));
    child.once("exit", (code, signal) => resolve(void (ended = signal ?? `status ${code}`)));
  });
  untether(child);
  return {
    name,
    log,
    ended: () => ended,
    tail: async () => (await readFile(log, "utf8")).trimEnd().split("\n").slice(-20).join("\n"),
    async stop() {
      child.ref();
      child.stdin!.on("error", () => {});
      child.stdin!.end();
      await gone;
    },
  };
}

/** Neither the child nor its pipe keeps this process from ending. */
function untether(child: ChildProcess): void {
  child.unref();
  const pipe = child.stdin as unknown as { unref?: () => void };
  pipe.unref?.();
}
