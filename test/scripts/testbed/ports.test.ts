import { test } from "uvu";
import * as assert from "uvu/assert";
import { freePort } from "../../../scripts/testbed/ports.ts";

test("no two that ask one after the other, before anybody listens, get the same", async () => {
  const ports = new Set<number>();
  for (let count = 0; count < 500; count++) ports.add(await freePort());
  assert.is(ports.size, 500);
});

test.run();
