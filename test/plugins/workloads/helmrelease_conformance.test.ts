import { type Cluster, cluster } from "../../support/cluster.ts";
import { conformance, type KubeObject } from "../../conformance/mod.ts";
import helmrelease from "../../../plugins/workloads/helmrelease.ts";
import { installFluxCrds } from "../../../scripts/testbed/flux/install_crds.ts";

let starting: Promise<Cluster> | undefined;
async function start(): Promise<Cluster> {
  const plane = await cluster();
  await installFluxCrds(plane);
  return plane;
}
const kubeconfig = async () => (await (starting ??= start())).kubeconfig;

const object = (apiVersion: string, kind: string, name: string, spec: object, annotations = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
  spec,
});
const source = (kind: string, spec: object) =>
  object("source.toolkit.fluxcd.io/v1", kind, "charts", { interval: "1m", ...spec });
const release = (spec: object, annotations = {}) =>
  object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "web", { interval: "1m", ...spec }, annotations);

const sourceRef = { kind: "HelmRepository", name: "charts" };
const values = {
  "my.app": { "a~b": [{ registry: "registry.example:5000", name: "team/app", tag: "1.0.0" }] },
  other: 1,
};
const at = "my\\.app.a~b[0]";

/** By what is in the objects: what they refer to, and what their slots hold. */
const kinds: [KubeObject, KubeObject, Record<string, string>][] = [
  [
    release({ chart: { spec: { chart: "nginx", version: "6.3.0+build.1", sourceRef } } }),
    source("HelmRepository", { url: "https://charts.example.com/stable" }),
    { chart: "nginx:6.3.0+build.1" },
  ],
  [
    release({ chart: { spec: { chart: "podinfo", version: "6.3.0", sourceRef } }, values }, {
      "headwind.sh/values-images": `${at}.registry/${at}.name:${at}.tag`,
    }),
    source("HelmRepository", { url: "oci://registry.example:5000/charts", type: "oci" }),
    { "chart": "podinfo:6.3.0", "values.my.app.a~b.0": "registry.example:5000/team/app:1.0.0" },
  ],
];

for (const [manifest, related, slots] of kinds) {
  conformance(helmrelease, { kubeconfig, manifest, related: [related], slots }).run();
}
// each check makes a release of its own, and an OCIRepository is moved with the release that has it
for (const [ref, version] of [[{ tag: "6.3.0_b.1" }, "6.3.0+b.1"], [{ semver: "^6.1" }, "^6.1"]] as const) {
  const s = conformance(helmrelease, {
    kubeconfig,
    manifest: release({ chartRef: { kind: "OCIRepository", name: "charts" } }),
    related: [source("OCIRepository", { url: "oci://registry.example:5000/charts/podinfo", ref })],
    slots: { chart: `podinfo:${version}` },
  });
  if ("semver" in ref) s.after(async () => await (await starting)?.stop());
  s.run();
}
