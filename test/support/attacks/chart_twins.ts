import { helmRepository, release } from "../../e2e/flux.ts";
import type { Attack, AttackWorld } from "./attack.ts";
import { serve } from "./served.ts";

/** A Helm repository that shows another index to who adds `?ref=attacker` to its URL. */
export interface TwinRepository {
  url: string;
  /** The versions of its chart `web`, as those who know no better see it. */
  versions: string[];
  /** Paths that were asked for, with their query. */
  asked: string[];
}

export async function startTwinRepository(signal: AbortSignal): Promise<TwinRepository> {
  const asked: string[] = [];
  const versions = ["1.0.0"];
  const index = (list: string[]) =>
    `apiVersion: v1\nentries:\n  web:\n${
      list.map((version) => `  - name: web\n    version: ${version}\n    urls: [web-${version}.tgz]\n`).join("")
    }`;
  const { url } = await serve(signal, ({ url = "" }, answer) => {
    asked.push(url);
    answer.setHeader("content-type", "application/yaml");
    answer.end(index(url.includes("ref=attacker") ? ["1.0.0", "1.99.0"] : versions));
  });
  return { url: `${url}/stable`, versions, asked };
}

/** HelmReleases that want nothing, from repositories of nearly the same URL: with a query, and with a login in it. */
export async function beginChartTwins({ tenant }: Pick<AttackWorld, "tenant">, url: string): Promise<void> {
  const urls = { query: `${url}?ref=attacker`, login: url.replace("://", "://u:p@") };
  for (const [name, twin] of Object.entries(urls)) {
    await tenant.create(helmRepository(name, twin));
    const policy = name === "query" ? "none" : "minor";
    await tenant.create(release({ name, chart: "web", version: "1.0.0", repository: name, annotations: { policy } }));
  }
}

/** Once charts were merged by URL without query and login, so that a tenant's decided for, and failed, everybody's. */
const attack: Attack = {
  name: "chart_twins",
  async begin(world, signal) {
    const { url } = await startTwinRepository(signal);
    await beginChartTwins(world, url);
  },
};
export default attack;
