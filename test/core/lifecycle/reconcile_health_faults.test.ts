import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  edit,
  failing,
  found,
  type Harness,
  healthy,
  heldOf,
  historyOf,
  imageOf,
  key,
  lastSaid,
  progressing,
  settled,
} from "./reconcile_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import type { HealthReading } from "../../../core/plugin/reading.ts";
import { requestOf } from "../../support/build/update_request.ts";

const s = suite("reconciler, what comes in between after a change");

const refused: { what: string; change: string; status: number; statuses: string; throws: boolean }[] = [
  { what: "rollback", change: "roll back", status: 422, statuses: "Failed RollbackRefused", throws: false },
  { what: "rollback", change: "roll back", status: 403, statuses: "Verifying Forbidden", throws: true },
  { what: "rollback", change: "roll back", status: 500, statuses: "Verifying PodsNotUpdated", throws: true },
  { what: "mark", change: "mark verified", status: 403, statuses: "Verifying Forbidden", throws: true },
  { what: "mark", change: "mark verified", status: 500, statuses: "Verifying PodsNotUpdated", throws: true },
];
for (const { what, change, status, statuses, throws } of refused) {
  s(`a ${what} that the API server refuses with ${status}: ${throws ? "comes again" : "ends it"}`, async () => {
    const annotations = { "auto-rollback": "true", "health-check-retries": "1", soak: "0" };
    const one = found(progressing, annotations);
    await one.run();
    const error = new KubeError(status, "", "not so");
    one.meddle = () => {
      throw error;
    };
    one.reading = change === "roll back" ? failing : healthy;
    assert.is(await one.run().then(() => undefined, (error: unknown) => error), throws ? error : undefined);
    assert.is(lastSaid(one), statuses);
    assert.is(imageOf(one), "app:1.1.0");
    delete one.meddle;
    await settled(one);
    assert.is(one.changed.at(-1)?.startsWith(change) ?? false, throws);
  });
}

s("a hold that cannot be written comes again, and is a hold all the same", async () => {
  const one = found(healthy);
  await settled(one);
  edit(one, "app:1.0.0");
  const error = new KubeError(403, "Forbidden", "role");
  one.meddle = (_, type) => {
    if (type === "hold") throw error;
  };
  one.cache.upsert(one.store.put(requestOf({ name: "b" })));
  assert.is(await one.run().then(() => undefined, (error: unknown) => error), error);
  assert.equal(one.applied, ["app:1.1.0"]);
  delete one.meddle;
  await settled(one);
  assert.equal(heldOf(one), ["app:1.1.0"]);
  assert.equal(one.applied, ["app:1.1.0"]);
  assert.equal(one.statuses(), ["a Held Applied", "b Held VersionHeld"]);
});

const endings: Record<string, { reading: HealthReading; annotations?: Record<string, string>; left?: string }> = {
  "healthy": { reading: healthy },
  "failed": { reading: failing },
  "rolled back": { reading: failing, annotations: { "auto-rollback": "true" } },
  "late, and rolled back": { reading: progressing, annotations: { "auto-rollback": "true" } },
  "left by a person": { reading: healthy, left: "app:1.0.0" },
};
for (const [what, { reading, annotations, left }] of Object.entries(endings)) {
  s(`${what}: killed at any step and started again, the end is the same, and each change is made once`, async () => {
    const start = () => found(reading, annotations);
    const whole = async (one: Harness) => {
      await settled(one);
      if (left && imageOf(one) !== left) edit(one, left);
      await settled(one);
    };
    const smooth = start();
    await whole(smooth);
    const killed = new Error("killed");
    for (let k = 1;; k++) {
      const one = start();
      let step = 0;
      one.meddle = one.recording = one.store.meddle = () => {
        if (++step === k) throw killed;
      };
      const error = await whole(one).then(() => undefined, (error: unknown) => error);
      if (error === undefined) {
        assert.ok(k > 4, "there were steps to be killed at");
        return;
      }
      assert.is(error, killed);
      await new Promise((done) => setTimeout(done, 0));
      delete one.store.meddle;
      const next = one.restarted();
      await whole(next);
      assert.equal(next.statuses(), smooth.statuses(), `killed at ${k}`);
      assert.is(imageOf(next), imageOf(smooth));
      assert.equal([...one.changed, ...next.changed], smooth.changed, `killed at ${k}`);
      assert.equal(heldOf(next), heldOf(smooth));
      assert.is(historyOf(next).length, historyOf(smooth).length);
      assert.is(next.cache.ofWorkload(key).length, 1);
    }
  });
}

s.run();
