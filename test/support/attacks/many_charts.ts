import { helmRepository } from "../../e2e/flux.ts";
import type { Attack } from "./attack.ts";
import { polledRelease, serveIndexes } from "./served.ts";

const charts = Array.from({ length: 24 }, (_, at) => `chart-${at}`);
const indexOf = (versions: number) =>
  `entries:\n${
    charts.map((chart) =>
      `  ${chart}:\n${
        Array.from({ length: versions }, (_, at) => `  - description: some\n    version: 1.${at}.0\n`).join("")
      }`
    ).join("")
  }`;

/** Indexes of which many charts with many versions each are followed: one that is too large, and some that are just not. */
const attack: Attack = {
  name: "many_charts",
  async begin({ tenant }, signal) {
    const full = indexOf(4_000);
    const texts = { huge: indexOf(40_000), "full-0": full, "full-1": full, "full-2": full, "full-3": full };
    const url = await serveIndexes(signal, texts);
    for (const name of Object.keys(texts)) {
      await tenant.create(helmRepository(name, `${url}/${name}`));
      const used = name === "huge" || name === "full-0" ? charts : charts.slice(0, 3);
      for (const chart of used) await tenant.create(polledRelease(`${name}-${chart}`, chart, name));
    }
  },
};
export default attack;
