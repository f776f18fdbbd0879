import { availableParallelism } from "node:os";
import { HELP, readOptions } from "../../command_line.ts";

export interface MutantArguments {
  /** Folders of the repository whose files are mutated. */
  folders: string[];
  /** A file that names the files instead, one per line, each with the folder that it counts under. */
  files?: string;
  /** Mutants in all, shared out evenly among the folders. */
  count: number;
  seed: number;
  /** Test files that a mutant is shown at most. */
  tests: number;
  /** Mutants at a time. */
  jobs: number;
  /** File for all results. */
  json?: string;
  help: boolean;
}

export const usage = `usage: npm run bench -- mutants [OPTIONS]

Changes one place of the code at a time, in a copy, and counts how often a unit test then fails: the share of these
mutants that is killed says how much of the code's behaviour the tests pin down. The survivors are listed. Takes about
ten minutes on two cores.

  --folder DIR   mutate the files of this folder; may be given several times (default: the pure folders of core/:
                 versions, policy, requests, lifecycle, intake)
  --files FILE   mutate what FILE names instead: lines of a path and the folder that it counts under
  --count N      mutants in all, the same number for each folder (default 600)
  --seed N       for the choice of the mutants (default 1): the same seed and code, the same mutants
  --tests N      test files that a mutant is shown at most, the nearest (default 12)
  --jobs N       mutants at a time (default: one per processor)
  --json FILE    write all results to FILE
  --help         this text`;

const pure = ["versions", "policy", "requests", "lifecycle", "intake"].map((name) => `core/${name}`);

/**
 * Reads the command line behind `mutants`.
 *
 * @throws with a sentence
 */
export function parseArguments(args: string[]): MutantArguments {
  const { values } = readOptions(args, {
    folder: { type: "string", multiple: true },
    files: { type: "string" },
    count: { type: "string", default: "600" },
    seed: { type: "string", default: "1" },
    tests: { type: "string", default: "12" },
    jobs: { type: "string", default: String(availableParallelism()) },
    json: { type: "string" },
    ...HELP,
  });
  if (values.folder && values.files) throw new Error("--folder and --files both say what to mutate");
  return {
    folders: values.folder?.map((folder) => folder.replace(/\/+$/, "")) ?? pure,
    ...(values.files ? { files: values.files } : {}),
    count: positive("--count", values.count),
    seed: positive("--seed", values.seed),
    tests: positive("--tests", values.tests),
    jobs: positive("--jobs", values.jobs),
    ...(values.json ? { json: values.json } : {}),
    help: values.help,
  };
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text.trim())) throw new Error(`${option}: "${text}" is not a whole number above 0`);
  return Number(text);
}
