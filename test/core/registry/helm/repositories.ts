import {
  type ChartRepositoriesOptions,
  createChartRepositories,
} from "../../../../core/registry/helm/chart_repositories.ts";
import type { ChartSource } from "../../../../core/plugin.ts";
import { type FaultyServer, fixturesWith, type Reply } from "../faulty_server.ts";
import { secretsOf } from "./secrets.ts";

export type TestRepositories = ReturnType<typeof repositories>;

/** A reader of repositories whose time passes only by its own waiting. */
export function repositories(options: Partial<ChartRepositoriesOptions> & { follow?: string[] } = {}) {
  const { follow = [], ...rest } = options;
  const clock = { now: Date.parse("2026-01-01T00:00:00Z"), slept: [] as number[] };
  const made = createChartRepositories({
    wanted: () => follow,
    secrets: secretsOf({}),
    ca: [],
    insecure: [],
    limit: 1_000_000,
    now: () => clock.now,
    sleep(ms) {
      clock.slept.push(ms);
      clock.now += ms;
      return Promise.resolve();
    },
    ...rest,
  });
  return {
    ...made,
    identity: async (source: ChartSource) => (await made.open(source)).identity,
    versions: async (source: ChartSource, chart: string, signal?: AbortSignal) =>
      await (await made.open(source)).versions(chart, signal),
    clock,
  };
}

/** A source in the namespace `apps`. */
export const sourceAt = (url: string, more: Partial<ChartSource> = {}): ChartSource => ({
  url,
  namespace: "apps",
  ...more,
});

/** An index with these charts and their versions. */
export function indexOf(charts: Record<string, string[]>): string {
  const entries = Object.entries(charts).map(([name, versions]) =>
    `  ${name}:\n${
      versions.map((version) => `  - apiVersion: v2\n    name: ${name}\n    version: ${version}\n`).join("")
    }`
  );
  return `apiVersion: v1\nentries:\n${entries.join("")}generated: "2026-01-01T00:00:00Z"\n`;
}

/** Servers and readers of one test. */
export function chartFixtures() {
  const { made: read, ...rest } = fixturesWith(repositories);
  return { ...rest, read };
}

export type { FaultyServer, Reply };
