import process from "node:process";
import { inUsualTime } from "../test/e2e/tenancy.ts";
import { allAttacks } from "../test/support/attacks/all.ts";
import type { Attack } from "../test/support/attacks/attack.ts";
import { textTable } from "./bench/table.ts";
import { readCommandLine } from "./command_line.ts";
import { parseArguments, type SoakArguments, usage } from "./soak/arguments.ts";
import { faultsOf, rowsOf } from "./soak/soaked.ts";
import { soakStrangers } from "./soak/strangers.ts";
import { timedProgress } from "./timed_progress.ts";

async function main({ seconds, only, list }: SoakArguments): Promise<number> {
  const all = await allAttacks();
  if (list) {
    for (const { name } of all) console.log(name);
    return 0;
  }
  const soaked = await soakStrangers({ attacks: chosen(all, only), seconds, progress: timedProgress() });
  const { times, rest } = rowsOf(soaked);
  console.log(`${soaked.attacks.length} attacks for ${seconds} s: ${soaked.attacks.join(", ")}\n`);
  console.log(`${textTable(times)}\n\n${textTable(rest)}\n`);
  if (soaked.unbegun.length > 0) console.log(`not begun: ${soaked.unbegun.join(", ")}`);
  const faults = faultsOf(soaked, inUsualTime);
  for (const fault of faults) console.log(`FAIL  ${fault}`);
  console.log(faults.length === 0 ? "nobody was in another's way" : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

function chosen(all: readonly Attack[], only: readonly string[]): Attack[] {
  const unknown = only.find((name) => !all.some((attack) => attack.name === name));
  if (unknown !== undefined) throw new Error(`--only: there is no attack ${unknown}`);
  return all.filter(({ name }) => only.length === 0 || only.includes(name));
}

try {
  process.exitCode = await main(readCommandLine(parseArguments, usage));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
