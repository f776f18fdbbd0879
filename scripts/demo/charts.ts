import { makeChart } from "../testbed/charts/make_chart.ts";
import { pushChart } from "../testbed/charts/push_chart.ts";
import { namespace } from "./namespace.ts";

/** Name of the HelmRepository that all releases take their charts from. */
export const repositoryName = "charts";

/** What a chart is called in the demo's registry: of `portal:1.2.0` that is `charts/portal:1.2.0`. */
export const inRegistry = (chart: string): string => `charts/${chart}`;

/** The HelmRepository, as an object for the API server. `registry` is a host with its port. */
export function repositoryManifest(registry: string): Record<string, unknown> {
  const url = `oci://${registry}/${namespace}/charts`;
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "HelmRepository",
    metadata: { name: repositoryName },
    spec: { interval: "1h", type: "oci", url, insecure: true },
  };
}

export interface PackageOptions {
  /** Folder for the archive. */
  dir: string;
  /** No release can be made of it: a template of it fails. */
  broken?: boolean;
}

/** The real `helm package` of `portal:1.2.0`, whose pods run an image of the same version. Gives the archive's path. */
export async function packageChart(chart: string, { dir, broken = false }: PackageOptions): Promise<string> {
  const [name, version] = chart.split(":") as [string, string];
  return await makeChart({ dir, name, version, broken, values: { image: { tag: version } } });
}

/** Packages it and runs the real `helm push`. `registry` is a host with its port. */
export async function publishChart(
  chart: string,
  { registry, ...options }: PackageOptions & { registry: string },
): Promise<void> {
  await pushChart(await packageChart(chart, options), registry, { path: `${namespace}/charts` });
}
