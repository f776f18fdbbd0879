import type { Tenancy } from "../../test/e2e/tenancy.ts";

/** Much the same calls as an update needs, made without the operator: how slow the machine is for everybody. */
export interface Control {
  /** How many times as long as usual they take now; 1 at least. */
  measure(): Promise<number>;
  /** What was measured so far is usual: the longest of it. */
  isUsual(): void;
}

export async function openControl(
  { first: { ns, repository, name }, cluster, registry }: Pick<Tenancy, "first" | "cluster" | "registry">,
): Promise<Control> {
  const collection = `/api/v1/namespaces/${await cluster.namespace("control")}/configmaps`;
  const manifest = `${registry.url}/v2/${repository.slice(registry.host.length + 1)}/manifests/1.0.0`;
  const { kube } = ns;
  let longest = 0;
  let usual = Infinity;
  let count = 0;
  return {
    async measure() {
      const path = `${collection}/control-${count}`;
      const started = performance.now();
      await kube.request("POST", collection, { body: { metadata: { name: `control-${count++}` } } });
      await (await fetch(manifest, { method: "HEAD" })).body?.cancel();
      for (const step of ["1", "2", "3"]) await kube.request("PATCH", path, { body: { data: { step } } });
      await kube.request("GET", path);
      await ns.images("Deployment", name);
      const ms = performance.now() - started;
      longest = Math.max(longest, ms);
      return Math.max(1, ms / usual);
    },
    isUsual: () => void (usual = longest),
  };
}
