import * as assert from "uvu/assert";
import { suite } from "uvu";
import { believedOf } from "../../../core/server/believed.ts";
import { createCallers, rightOnRequests } from "../../../core/server/callers.ts";
import type { KubeClient } from "../../../core/kube/client.ts";

const s = suite("what the API server has said is believed for a while");

function world({ refused = "" } = {}) {
  const asked: string[] = [];
  const callers = createCallers({
    open: false,
    async holderOf(token) {
      asked.push(`whose ${token}`);
      if (token === "none") throw new Error("the API server does not take the token");
      const request = async () => {
        asked.push(`may ${token}`);
        return { status: { allowed: token !== refused } };
      };
      return { user: "ann", groups: [], client: { request } as unknown as KubeClient };
    },
    async mayDo({ user }) {
      asked.push(`may ${user}`);
      return user !== refused;
    },
    async itself() {
      asked.push("may headwind");
      return false;
    },
  });
  return { asked, callers };
}
const list = rightOnRequests("list", "shop");

s("whoever asks, of the same callers: each question is asked once", async () => {
  const { asked, callers } = world();
  const [api, dashboard] = [believedOf(callers), believedOf(callers)];
  for (const one of [api, dashboard]) {
    assert.ok(await one.may(await one.ofToken("a"), list));
    assert.ok(await one.may(callers.vouch({ user: "bob", groups: ["dev"] }), list));
    assert.not.ok(await one.itself(list));
  }
  assert.equal(asked, ["whose a", "may a", "may bob", "may headwind"]);
});

s("two tokens of one person are asked about apart, and a person in other groups too", async () => {
  const { asked, callers } = world({ refused: "b" });
  const believed = believedOf(callers);
  assert.ok(await believed.may(await believed.ofToken("a"), list));
  assert.not.ok(await believed.may(await believed.ofToken("b"), list));
  for (const groups of [[], ["dev"]]) await believed.may(callers.vouch({ user: "ann", groups }), list);
  assert.equal(asked.filter((what) => what === "may ann").length, 2);
});

s("what failed is asked again", async () => {
  const { asked, callers } = world();
  const believed = believedOf(callers);
  for (let time = 0; time < 2; time++) {
    const error = await believed.ofToken("none").catch((error: Error) => error);
    assert.ok(error instanceof Error);
  }
  assert.equal(asked, ["whose none", "whose none"]);
});

s.run();
