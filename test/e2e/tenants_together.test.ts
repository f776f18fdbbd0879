// lane: e2e, alone
import * as assert from "uvu/assert";
import { faultsOf } from "../../scripts/soak/soaked.ts";
import { soakStrangers } from "../../scripts/soak/strangers.ts";
import { allAttacks } from "../support/attacks/all.ts";
import { e2e } from "./suite.ts";

const s = e2e("all attacks together");

/** As the soak itself, with two seconds more: other tests run beside this one. */
const inUsualTime = (ms: number, usual: number) => ms <= 2 * usual + 4_000;

s("each victim is updated in its usual time, with bounded memory, no Lease lost and no restart", async () => {
  const soaked = await soakStrangers({ attacks: await allAttacks(), seconds: 20 });
  assert.equal(faultsOf(soaked, inUsualTime), []);
});

s.run();
