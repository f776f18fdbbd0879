import { suite } from "uvu";
import * as assert from "uvu/assert";
import { established } from "../../../scripts/testbed/established.ts";

const s = suite("CRDs are served");

const waiting = (...answers: (string | undefined)[]) => {
  const asked: string[] = [];
  const kubectl = (args: string[]) => {
    asked.push(args.join(" "));
    const problem = answers.shift();
    return problem === undefined ? Promise.resolve("") : Promise.reject(new Error(problem));
  };
  return { kubectl, asked };
};

s("one that has no conditions yet is waited for", async () => {
  const early = "error: .status.conditions accessor error: <nil> is of the type <nil>, expected []interface{}";
  const { kubectl, asked } = waiting(early, early);
  await established({ kubectl }, ["crd/a", "crd/b"]);
  assert.is(asked.length, 3);
  assert.match(asked[0]!, /^wait --for=condition=Established --timeout=60s crd\/a crd\/b$/);
});

s("anything else is told", async () => {
  const { kubectl, asked } = waiting("timed out waiting for the condition on crd/a");
  await established({ kubectl }, ["crd/a"]).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, "timed out"),
  );
  assert.is(asked.length, 1);
});

s.run();
