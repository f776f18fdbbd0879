import { helmRepository, release } from "./flux.ts";
import type { Scenario } from "./scenario.ts";

/** As `scenarios.ts`, of releases whose charts the real Helm installs. */
export const chartScenarios: Scenario[] = [
  {
    name: "chart",
    prepare: ({ charts }) => charts.publish("web", "1.0.0"),
    workloads: ({ name, charts }) => [
      helmRepository(name("shop"), charts.url),
      release({ name: name("web"), chart: name("web"), version: "1.0.0", repository: name("shop") }),
    ],
    run: ({ charts }) => charts.publish("web", "1.1.0"),
    end: {
      requests: { "web-chart-1-1-0": "Completed" },
      images: { "HelmRelease/web": { chart: "web:1.1.0" } },
    },
  },
];
