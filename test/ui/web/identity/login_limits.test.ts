import * as assert from "uvu/assert";
import { suite } from "uvu";
import { createLoginLimits } from "../../../../ui/web/identity/login_limits.ts";

const s = suite("how often may be tried to sign in");

function limits(proxies: string[] = []) {
  let now = 0;
  const { take } = createLoginLimits({ HEADWIND_UI_TRUSTED_PROXIES: proxies }, () => now);
  const from = (address: string, forwarded?: string) =>
    take(
      new Request("http://localhost/login", {
        headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
      }),
      address,
    );
  return { from, pass: (seconds: number) => void (now += seconds * 1000) };
}

s("ten at once from an address, then one in six seconds; others are not kept waiting", () => {
  const { from, pass } = limits();
  for (let count = 0; count < 10; count++) assert.is(from("10.0.0.1"), 0);
  assert.is(Math.round(from("10.0.0.1")), 6);
  assert.is(from("10.0.0.2"), 0);
  pass(6);
  assert.is(from("10.0.0.1"), 0);
  assert.ok(from("10.0.0.1") > 0);
});

s("from a thousand addresses together no more than all may", () => {
  const { from, pass } = limits();
  const took = () =>
    Array.from({ length: 1000 }, (_, at) => from(`10.0.${at >> 8}.${at & 255}`)).filter((wait) => wait === 0).length;
  assert.is(took(), 100);
  pass(10);
  assert.is(took(), 50);
});

s("an address that is over its own takes nothing from the others", () => {
  const { from } = limits();
  for (let count = 0; count < 1000; count++) from("10.0.0.1");
  for (let count = 0; count < 90; count++) assert.is(from(`10.1.0.${count}`), 0);
});

s("of IPv6 it is the network: one has all of its addresses", () => {
  const { from } = limits();
  for (let count = 0; count < 10; count++) assert.is(from(`2001:db8::${count}`), 0);
  assert.ok(from("2001:db8:0:0:ffff::1") > 0);
  assert.is(from("2001:db8:0:1::1"), 0);
});

s("behind a trusted proxy it is who the proxy saw, and nobody else's word", () => {
  const { from } = limits(["10.0.0.0/24"]);
  for (let count = 0; count < 10; count++) assert.is(from("10.0.0.1", `6.6.6.${count}, 7.7.7.7`), 0);
  assert.ok(from("10.0.0.1", "7.7.7.7") > 0);
  assert.ok(from("10.0.0.1", "7.7.7.7, 10.0.0.9") > 0, "through two of them");
  assert.is(from("10.0.0.1", "8.8.8.8"), 0);
  for (let count = 0; count < 10; count++) from("9.9.9.9", `1.1.1.${count}`);
  assert.ok(from("9.9.9.9", "1.1.1.99") > 0, "of a stranger its own address");
  assert.is(from("10.0.0.1", "no address, at all"), 0);
});

s.run();
