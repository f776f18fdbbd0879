import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createUntil } from "../../../scripts/demo/until.ts";

const s = suite("demo: waiting");

const running = { ended: () => undefined, tail: () => Promise.resolve("") };
const operator = (change: Partial<Parameters<typeof createUntil>[0]> = {}) =>
  ({ ...running, ...change }) as Parameters<typeof createUntil>[0];

s("it asks until there is something, and gives that", async () => {
  const answers = [undefined, false, "found"] as const;
  let asked = 0;
  const until = createUntil(operator(), new AbortController().signal, () => {});
  assert.is(await until("it is found", () => answers[asked++]), "found");
  assert.is(asked, 3);
});

s("it throws what is asked throws, and when the operator has ended or it is to stop", async () => {
  const fails = async (work: Promise<unknown>) => await work.then(() => "", (error: Error) => error.message);
  const never = () => undefined;
  const { signal } = new AbortController();
  const until = createUntil(operator(), signal, () => {});
  assert.is(await fails(until("never", () => Promise.reject(new Error("broken")))), "broken");
  const gone = operator({ ended: () => "status 1", tail: () => Promise.resolve("its last line") });
  assert.match(await fails(createUntil(gone, signal, () => {})("never", never)), /ended \(status 1\).*\nits last line/);
  const stopped = AbortSignal.timeout(30);
  assert.ok(await fails(createUntil(operator(), stopped, () => {})("never", never)));
});

s.run();
