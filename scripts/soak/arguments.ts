import { HELP, readOptions } from "../command_line.ts";

export interface SoakArguments {
  /** How long the attacks go on. */
  seconds: number;
  /** Names of attacks; all if empty. */
  only: string[];
  list: boolean;
  help: boolean;
}

export const usage = `usage: npm run soak -- strangers [OPTIONS]

Runs all attacks of test/support/attacks together beside ten victims, against an operator as in a cluster: each victim must be
updated in its usual time, with at most 256 MB of memory, no Lease lost and no restart. Takes three minutes.

  --seconds N   how long the attacks go on (default 120)
  --only NAME   only this attack; may be given several times
  --list        the names of the attacks
  --help        this text`;

/** Reads the command line. Throws with a sentence. */
export function parseArguments(args: string[]): SoakArguments {
  const { values, positionals } = readOptions(args, {
    seconds: { type: "string", default: "120" },
    only: { type: "string", multiple: true, default: [] },
    list: { type: "boolean", default: false },
    ...HELP,
  }, { allowPositionals: true });
  const { seconds, only, list, help } = values;
  if (!help && (positionals.length !== 1 || positionals[0] !== "strangers")) {
    throw new Error(`${positionals.join(" ") || "nothing"}: there is one soak, strangers`);
  }
  if (!/^[1-9]\d{0,4}$/.test(seconds)) throw new Error(`--seconds: "${seconds}" is not a whole number above 0`);
  return { seconds: Number(seconds), only, list, help };
}
