import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTenancy, type Tenancy } from "../../test/e2e/tenancy.ts";
import type { Attack, Victim } from "../../test/support/attacks/attack.ts";
import { beginAttacks } from "./attacking.ts";
import { type Control, openControl } from "./control.ts";
import { type Hanging, startHanging } from "../testbed/hanging.ts";
import { settingsOf } from "./settings.ts";
import type { Soaked, VictimTimes } from "./soaked.ts";

export interface SoakOptions {
  attacks: readonly Attack[];
  /** How long they go on. */
  seconds: number;
  progress?: (line: string) => void;
}

interface Named {
  name: string;
  victim: Victim;
}

const deaf = fileURLToPath(new URL("../../test/fixtures/deaf_plugins", import.meta.url));
const victimCount = 10;
const roundMs = 2_000;
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Runs all attacks together beside the victims; the operator's own plugins hang too, and so does its receiver of notifications. */
export async function soakStrangers({ attacks, seconds, progress = () => {} }: SoakOptions): Promise<Soaked> {
  const plugins = await mkdtemp(join(tmpdir(), "headwind-soak-"));
  const receiver = await startHanging("silent");
  let tenancy: Tenancy | undefined;
  try {
    await cp(deaf, plugins, { recursive: true });
    progress("starting a control plane and the operator");
    tenancy = await openTenancy({ mounted: plugins, env: { ...own(plugins, receiver), ...settingsOf(attacks) } });
    return await soak(tenancy);
  } finally {
    await tenancy?.stop();
    await receiver.stop();
    await rm(plugins, { recursive: true, force: true });
  }

  async function soak(tenancy: Tenancy): Promise<Soaked> {
    const { operator } = tenancy;
    const failures: string[] = [];
    progress(`${victimCount} victims, while nobody attacks`);
    const more = await Promise.all(Array.from({ length: victimCount - 1 }, () => tenancy.victim()));
    const victims = [tenancy.first, ...more].map((victim, index) => ({ victim, name: `victim ${index + 1}` }));
    const control = await openControl(tenancy);
    const usual = await rounds(victims, control, 4, failures);
    control.isUsual();
    progress(`${attacks.length} attacks for ${seconds} s`);
    const until = performance.now() + seconds * 1000;
    const waiting = new Set(attacks.map(({ name }) => name));
    const endAttacks = beginAttacks([...waiting], tenancy, ({ name, error }) => {
      waiting.delete(name);
      if (error !== undefined) failures.push(`${name}: ${error}`);
    });
    const times = await rounds(victims, control, () => performance.now() < until, failures);
    const { most } = await operator.memory();
    progress("SIGTERM");
    const end = await operator.stop();
    endAttacks();
    return {
      attacks: attacks.map(({ name }) => name),
      seconds,
      victims: victims.map(({ name }): VictimTimes => ({
        name,
        usual: Math.max(...usual.get(name)!.times),
        ...times.get(name)!,
      })),
      failures,
      unbegun: [...waiting],
      mostMemory: most,
      leasesLost: await operator.leasesLost(),
      restarts: operator.restarts(),
      end,
    };
  }
}

const own = (plugins: string, { url }: Hanging): Record<string, string> => ({
  HEADWIND_PLUGINS_DIR: plugins,
  HEADWIND_NOTIFICATION_TIMEOUT: "10",
  WEBHOOK_ENABLED: "true",
  WEBHOOK_URL: url,
});

interface Times {
  times: number[];
  adjusted: number[];
}

/** All victims are updated at the same time, again and again: a number of times, or for as long as it says. */
async function rounds(
  victims: readonly Named[],
  control: Control,
  goesOn: number | (() => boolean),
  failures: string[],
): Promise<Map<string, Times>> {
  const all = new Map(victims.map(({ name }) => [name, { times: [], adjusted: [] } as Times]));
  for (let round = 0; typeof goesOn === "number" ? round < goesOn : goesOn(); round++) {
    const started = performance.now();
    const controlled = control.measure();
    const updates = await Promise.all(victims.map(async ({ victim, name }) => {
      try {
        return { name, ms: await victim.update() };
      } catch (error) {
        failures.push(`${name}: ${(error as Error).message.split("\n")[0]}`);
        return undefined;
      }
    }));
    const slower = await controlled;
    for (const update of updates) {
      if (!update) continue;
      all.get(update.name)!.times.push(update.ms);
      all.get(update.name)!.adjusted.push(update.ms / slower);
    }
    await pause(Math.max(0, started + roundMs - performance.now()));
  }
  return all;
}
