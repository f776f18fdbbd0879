import * as assert from "uvu/assert";
import { suite } from "uvu";
import { harness, seen } from "./webhook_harness.ts";
import { createHintLimits, networkOf } from "../../../core/server/webhooks.ts";
import { TooManyRequests } from "../../../core/lib/retryable.ts";

const s = suite("limits of hints");

s("of one address, and of all together, as time goes by", () => {
  let now = 0;
  const take = createHintLimits(() => now);
  const taken = (address: string, tries: number) => {
    let count = 0;
    for (let turn = 0; turn < tries; turn++) {
      try {
        take(address);
        count++;
      } catch (error) {
        assert.instance(error, TooManyRequests);
      }
    }
    return count;
  };
  assert.is(taken("192.0.2.1", 100), 60);
  assert.is(taken("192.0.2.2", 10), 10);
  now += 5_000;
  assert.is(taken("192.0.2.1", 100), 5);
  let all = 0;
  for (let host = 10; host < 30; host++) all += taken(`192.0.2.${host}`, 60);
  assert.ok(all < 300, `${all}`);
  assert.is(taken("192.0.2.99", 10), 0);
});

const addresses = [
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:DB8:0:0:1:2:3:4", "2001:db8:0:0"],
  ["2001:0db8:1:2::", "2001:db8:1:2"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
];
for (const [address, network] of addresses) s(`${address}: ${network}`, () => assert.is(networkOf(address!), network));

s("beyond: 429 and Retry-After, for hints alone", async () => {
  const secret = "a-secret-of-the-tests";
  const { post, outcomes } = harness({ secret, hints: true });
  for (let turn = 0; turn < 60; turn++) assert.is((await post(seen("1.1.0"))).status, 200);
  const answer = await post(seen("1.1.0"));
  assert.is(answer.status, 429);
  assert.ok(Number(answer.headers.get("retry-after")) >= 1);
  assert.is(outcomes.at(-1), "plain limited");
  assert.is((await post(seen("1.1.0"), { authorization: `Bearer ${secret}` })).status, 200);
});

s.run();
