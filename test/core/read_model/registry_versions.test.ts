import * as assert from "uvu/assert";
import { suite } from "uvu";
import { confirm } from "../../../core/read_model/registry_versions.ts";
import { releaseOf } from "../../ui/kubectl/releases.ts";

const s = suite("which version in a registry is a chart");

const workload = releaseOf({ url: "oci://registry.example/charts" });
const slotRef = { workload, slot: workload.slots[0]! };
const versions = ["6.2.0", "6.3.0", "6.4.0", "6.5.0", "6.6.0", "7.0.0"].map((tag) => ({ tag }));

async function confirmed(isChart: (version: string) => boolean) {
  const asked: string[] = [];
  const answer = await confirm(slotRef, versions, (version) => {
    asked.push(version);
    return Promise.resolve(isChart(version));
  });
  return { asked, answer };
}

s("only what is taken is asked about, and the next one where that is none", async () => {
  assert.equal(await confirmed(() => true), { asked: ["6.6.0"], answer: { chart: "6.6.0", noCharts: [] } });
  assert.equal(await confirmed((version) => version < "6.5.0"), {
    asked: ["6.6.0", "6.5.0", "6.4.0"],
    answer: { chart: "6.4.0", noCharts: ["6.6.0", "6.5.0"] },
  });
});

s("where none is, none is taken", async () => {
  const { answer } = await confirmed(() => false);
  assert.equal(answer, { noCharts: ["6.6.0", "6.5.0", "6.4.0"] });
});

s.run();
