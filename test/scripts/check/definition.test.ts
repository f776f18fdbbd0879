import { readFile } from "node:fs/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { definitionFaults } from "../../../scripts/check/definition.ts";

const s = suite("the definition of UpdateRequests beside the tables of core");
const yaml = await readFile(new URL("../../../deploy/crds/updaterequests.headwind.sh.yaml", import.meta.url), "utf8");

s("what stands there is what the tables say", () => assert.equal(definitionFaults(yaml), []));

s("a phase that is missing, and one that is described otherwise, are named with their place", () => {
  assert.match(
    definitionFaults(yaml.replaceAll(/^ +- Expired\n/gm, "")).join("\n"),
    /^v1alpha1 status\.phase: its enum has to be .*\nv1alpha1 status\.steps\[\]\.phase: its enum has to be /,
  );
  const faults = definitionFaults(yaml.replace("Completed: Its version runs.", "Completed: It is done."));
  assert.is(faults.length, 1);
  assert.match(faults[0]!, /^v1alpha1 status\.phase: its description has to be /);
});

s.run();
