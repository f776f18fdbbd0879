import { suite } from "uvu";
import * as assert from "uvu/assert";
import { heldOf } from "../../../scripts/demo/held.ts";

const s = suite("demo: what is held");

const image = (tag: string) => `127.0.0.1:5000/shop/web:${tag}`;
const hold = (change: Record<string, unknown> = {}) => ({
  container: "app",
  image: image("1.3.0"),
  at: "2026-01-01T00:00:00Z",
  by: "person",
  reason: "so",
  ...change,
});
const held = (holds: unknown[], history: unknown[] = []) =>
  heldOf({ annotations: { held: JSON.stringify(holds), "update-history": JSON.stringify(history) } }, "app");

s("nothing, where the annotations say nothing, or say it of another container", () => {
  assert.equal(heldOf({ annotations: {} }, "app"), []);
  assert.equal(held([hold({ container: "init" })]), []);
});

const rollback = { of: image("1.3.0"), by: "headwind", reason: "so" };
const back = { container: "app", image: image("1.2.0"), timestamp: "2026-01-01T00:00:00Z", rollback };
// deno-fmt-ignore
const rows: [what: string, hold: unknown, history: unknown[], words: string][] = [
  ["left by somebody", hold(), [], "1.3.0, left by a person"],
  ["by a name", hold({ by: "system:serviceaccount:shop:ann" }), [], "1.3.0, left by ann"],
  ["rolled back", hold({ by: "headwind" }), [back], "1.3.0, rolled back to 1.2.0"],
  ["another one was rolled back", hold(), [{ ...back, rollback: { ...rollback, of: image("1.4.0") } }],
    "1.3.0, left by a person"],
  ["all", hold({ image: undefined, by: "ann" }), [], "all versions, by ann"],
  ["let go", hold({ resumedAt: "2026-01-01T00:00:01Z", resumedBy: "system:serviceaccount:shop:ann" }), [],
    "1.3.0, left by a person, until ann resumed"],
];
for (const [what, one, history, words] of rows) {
  s(what, () => assert.equal(held([one], history), [words]));
}

s.run();
