import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeClient } from "../../../core/kube/client.ts";
import { type LeaseHandle, type LeaseOptions, startLease } from "../../../core/kube/lease.ts";
import { type Lease, leaseIdentity } from "../../../core/kube/lease_record.ts";
import { delay } from "../../../core/lib/delay.ts";
import { type PlaneBehindProxy, planeBehindProxy } from "./plane_behind_proxy.ts";
import { until } from "./proxy.ts";

const s = suite("lease");
let { client, proxy, proxied, stop } = {} as PlaneBehindProxy;

s.before(async () => void ({ client, proxy, proxied, stop } = await planeBehindProxy()));
s.after(() => stop());

interface Candidate {
  lease: LeaseHandle;
  log: string[];
  errors: string[];
}
const holders: string[] = [];

function candidate(name: string, identity: string, more: Partial<LeaseOptions> = {}): Candidate {
  const log: string[] = [];
  const errors: string[] = [];
  const lease = startLease({
    client,
    namespace: "default",
    name,
    identity,
    durationSeconds: 3,
    renewSeconds: 0.5,
    retrySeconds: 0.2,
    renewDeadlineSeconds: 1.5,
    onAcquired() {
      log.push("acquired");
      holders.push(identity);
    },
    onLost(reason) {
      log.push(`lost: ${reason}`);
      holders.splice(holders.indexOf(identity), 1);
    },
    onError: (error) => errors.push(error.message),
    ...more,
  });
  return { lease, log, errors };
}
const path = (name: string) => `/apis/coordination.k8s.io/v1/namespaces/default/leases/${name}`;
const read = (name: string) => client.request<Lease>("GET", path(name));

s("one of two holds it; released, the other has it at once", async () => {
  const a = candidate("two", "a");
  await until("a holds it", () => a.lease.isHolder());
  const b = candidate("two", "b");
  await until("b sees it", () => b.lease.holder() === "a");
  const before = await read("two");
  await until("it is renewed", async () => (await read("two")).spec?.renewTime !== before.spec?.renewTime);
  assert.not(b.lease.isHolder());
  await a.lease.release();
  assert.not(a.lease.isHolder());
  assert.is((await read("two")).spec?.holderIdentity === "a", false);
  const released = performance.now();
  await until("b holds it", () => b.lease.isHolder());
  assert.ok(performance.now() - released < 3_000, "sooner than the Lease would have run out");
  const { spec } = await read("two");
  assert.is(spec?.holderIdentity, "b");
  assert.is(spec?.leaseTransitions, 1);
  assert.is(spec?.leaseDurationSeconds, 3);
  assert.equal(a.log, ["acquired"]);
  await b.lease.release();
  assert.is((await read("two")).spec?.holderIdentity ?? "", "");
});

s("many at once: one holds it", async () => {
  holders.length = 0;
  const all = ["a", "b", "c", "d"].map((identity) => candidate("many", identity));
  await until("someone holds it", () => holders.length > 0);
  await new Promise((done) => setTimeout(done, 500));
  assert.is(all.filter(({ lease }) => lease.isHolder()).length, 1);
  assert.is(holders.length, 1);
  await Promise.all(all.map(({ lease }) => lease.release()));
});

s("cut off, the holder gives up before another takes over", async () => {
  holders.length = 0;
  const a = candidate("cut", "a", { client: proxied });
  await until("a holds it", () => a.lease.isHolder());
  const b = candidate("cut", "b", {
    onAcquired() {
      assert.not(a.lease.isHolder());
      holders.push("b");
    },
  });
  await until("b sees it", () => b.lease.holder() === "a");
  proxy.rule = () => "cut";
  await until("a gave up", () => a.log.length === 2);
  assert.equal(a.log, ["acquired", "lost: not renewed for 1.5 s"]);
  assert.equal(holders, []);
  await until("b holds it", () => b.lease.isHolder());
  assert.equal(b.errors, []);
  proxy.rule = undefined;
  await until("a sees b", () => a.lease.holder() === "b");
  assert.not(a.lease.isHolder());
  await Promise.all([a.lease.release(), b.lease.release()]);
});

s("the same identity has it again at once after a crash", async () => {
  const spec = { holderIdentity: "a", leaseDurationSeconds: 3600, leaseTransitions: 4 };
  await client.request("POST", path("again").replace("/again", ""), { body: { metadata: { name: "again" }, spec } });
  const a = candidate("again", "a");
  await until("a holds it", () => a.lease.isHolder());
  assert.is((await read("again")).spec?.leaseTransitions, 4);
  await a.lease.release();
});

s("two that say the same name: one holds it, and the other is told once that the holder lives", async () => {
  const told: string[] = [];
  const [one, other] = [leaseIdentity("host"), leaseIdentity("host")];
  const a = candidate("same", one);
  await until("a holds it", () => a.lease.isHolder());
  const b = candidate("same", other, { onNamesake: (holder) => told.push(holder) });
  const before = await read("same");
  await until("b is told", () => told.length > 0);
  assert.is((await read("same")).spec?.renewTime === before.spec?.renewTime, false, "not before it is seen to live");
  await new Promise((done) => setTimeout(done, 1_500));
  assert.equal(told, [one]);
  assert.ok(a.lease.isHolder());
  assert.equal(b.log, []);
  await a.lease.release();
  await until("b holds it", () => b.lease.isHolder());
  await b.lease.release();
});

for (const [what, answeredMs] of [["late", 200], ["never", 60_000]] as const) {
  for (const there of [false, true]) {
    const name = `${what}-${there ? "there" : "new"}`;
    s(
      `released while it is being taken, which is answered ${what} (${
        there ? "free before" : "made anew"
      }): nobody holds it`,
      async () => {
        if (there) {
          await client.request("POST", path(name).replace(`/${name}`, ""), {
            body: { metadata: { name }, spec: { holderIdentity: "" } },
          });
        }
        let written = false;
        const request: KubeClient["request"] = async <T>(
          ...[method, at, options]: Parameters<KubeClient["request"]>
        ) => {
          const answer = await client.request<T>(method, at, options);
          if (method === "GET" || written) return answer;
          written = true;
          await delay(answeredMs, options?.signal ?? new AbortController().signal);
          return answer;
        };
        const a = candidate(name, "a", { client: { ...client, request } });
        await until("it is taken", () => written);
        await a.lease.release();
        assert.is((await read(name)).spec?.holderIdentity || "nobody", "nobody");
        assert.equal([a.log, a.errors], [[], []]);
      },
    );
  }
}

s("taken away or deleted by hand", async () => {
  const a = candidate("hand", "a");
  await until("a holds it", () => a.lease.isHolder());
  await client.request("PATCH", path("hand"), { body: { spec: { holderIdentity: "thief" } } });
  await until("a lost it", () => !a.lease.isHolder());
  assert.equal(a.log, ["acquired", "lost: held by thief"]);
  await client.request("DELETE", path("hand"));
  await until("a holds it again", () => a.lease.isHolder());
  await client.request("DELETE", path("hand"));
  await until("it is there again", async () => await read("hand").then(() => true, () => false));
  assert.ok(a.lease.isHolder());
  await a.lease.release();
});

s("a throw in a handler is told and changes nothing", async () => {
  const a = candidate("throw", "a", {
    onAcquired() {
      throw new Error("bad handler");
    },
  });
  await until("a holds it", () => a.lease.isHolder());
  assert.equal(a.errors, ["bad handler"]);
  await a.lease.release();
});

s.run();
