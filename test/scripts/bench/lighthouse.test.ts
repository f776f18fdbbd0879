import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scoresOf } from "../../../scripts/bench/lighthouse.ts";

const s = suite("what Lighthouse says");

s("scores are of 100, and what took something off them is named", () => {
  const refs = [{ id: "contrast", weight: 3 }, { id: "hint", weight: 0 }, { id: "title", weight: 1 }];
  assert.equal(
    scoresOf({
      categories: {
        performance: { score: 0.955, auditRefs: [] },
        accessibility: { score: 0.9, auditRefs: refs },
        "best-practices": { score: null, auditRefs: [] },
      },
      audits: {
        contrast: { score: 0, title: "Contrast is low" },
        hint: { score: 0, title: "A hint" },
        title: { score: 1, title: "There is a title" },
      },
    }),
    { performance: 96, accessibility: 90, bestPractices: 0, lacks: ["Contrast is low"] },
  );
});

s.run();
