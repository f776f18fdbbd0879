import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createEventQueue } from "../../../core/kube/event_queue.ts";
import { eventually } from "../../conformance/checks.ts";
import { type KubeEvent, kubeEvent } from "../../../core/kube/events.ts";

const s = suite("Events that are told in turn");

const event = (namespace: string, name: string): KubeEvent =>
  kubeEvent({
    object: { apiVersion: "apps/v1", kind: "Deployment", namespace, name },
    type: "Warning",
    reason: "ImageSourceFailed",
    message: "m",
    id: name,
    now: new Date(0),
  });

function teller(most = 100) {
  const written: string[] = [];
  const ends: (() => void)[] = [];
  const ending = new AbortController();
  const write = ({ involvedObject: { namespace, name } }: KubeEvent) => {
    written.push(`${namespace}/${name}`);
    return new Promise<void>((_, reject) => ends.push(() => reject(new Error("away"))));
  };
  const { record } = createEventQueue({ write, signal: ending.signal, atOnce: 2, most });
  return { tell: (namespace: string, name: string) => record(event(namespace, name)), written, ends, ending };
}

s("a few at the same time, whatever becomes of them, and namespaces take turns", async () => {
  const { tell, written, ends } = teller();
  for (const name of ["1", "2", "3", "4"]) tell("a", name);
  tell("b", "1");
  assert.equal(written, ["a/1", "a/2"]);
  for (let ended = 0; ended < 5; ended++) {
    await eventually("the next is written", () => ends.length > ended);
    ends[ended]!();
  }
  assert.equal(written.slice(0, 4).sort(), ["a/1", "a/2", "a/3", "b/1"]);
  tell("c", "1");
  await eventually("it is written", () => written.at(-1) === "c/1");
});

s("no more than so many wait, and none is written at the end", async () => {
  const { tell, written, ends, ending } = teller(1);
  for (const name of ["1", "2", "3", "4"]) tell("a", name);
  ends[0]!();
  await eventually("the third is written", () => written.length === 3);
  tell("a", "5");
  ending.abort();
  for (const end of ends) end();
  await Promise.resolve();
  tell("a", "6");
  assert.equal(written, ["a/1", "a/2", "a/3"]);
});

s.run();
