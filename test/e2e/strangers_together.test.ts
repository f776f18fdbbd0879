import * as assert from "uvu/assert";
import { faultsOf } from "../../scripts/soak/soaked.ts";
import { soakStrangers } from "../../scripts/soak/strangers.ts";
import { allAttacks } from "../support/attacks/all.ts";
import { inUsualTime } from "./stranger.ts";
import { e2e } from "./suite.ts";

const s = e2e("all attacks together");

s("each victim is updated in its usual time, with bounded memory, no Lease lost and no restart", async () => {
  const soaked = await soakStrangers({ attacks: await allAttacks(), seconds: 20 });
  assert.equal(faultsOf(soaked, inUsualTime), []);
});

s.run();
