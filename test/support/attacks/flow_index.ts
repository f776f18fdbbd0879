import { helmRepository } from "../../e2e/flux.ts";
import type { Attack } from "./attack.ts";
import { polledRelease, serveIndexes } from "./served.ts";

const megabytes = (text: string, count: number) => text.repeat(Math.ceil(count * 1e6 / text.length));

/** Indexes of 8 KB on the line, each of which was some 700 MB once it was parsed. */
const attack: Attack = {
  name: "flow_index",
  async begin({ tenant }, signal) {
    const texts = {
      flow: `entries: {web: [${megabytes("[],", 8)}[]]}\n`,
      small: `entries: {web: [${megabytes("[],", 0.25)}{version: 1.1.0}]}\n`,
      within: `entries:\n  web: [${megabytes("[],", 8)}[]]\n`,
      lines: `entries:\n  web:\n${megabytes('  - {"a": [[],[],[],[],[]], b: {}}\n', 8)}`,
      json: `{"entries":{"web":[${megabytes("{},", 8)}{}]}}`,
      item: `{"entries":{"web":[[${megabytes("[],", 8)}[]]]}}`,
    };
    const url = await serveIndexes(signal, texts);
    for (const name of Object.keys(texts)) {
      await tenant.create(helmRepository(name, `${url}/${name}`));
      await tenant.create(polledRelease(name, "web", name));
    }
  },
};
export default attack;
