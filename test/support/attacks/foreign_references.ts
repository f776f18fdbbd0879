import { release } from "../../e2e/flux.ts";
import type { Attack, AttackWorld } from "./attack.ts";

/** Releases, half of them by `chartRef`, each of which names an object in a namespace of its own that is not the tenant's. */
async function beginForeignReferences({ tenant }: AttackWorld): Promise<void> {
  const many = Array.from({ length: 400 }, (_, index) => {
    const reference = { name: "shared", namespace: `nowhere-${index}` };
    const chart = { spec: { chart: "web", version: "1.0.0", sourceRef: { kind: "HelmRepository", ...reference } } };
    const { metadata, spec, ...object } = release({ name: `foreign-${index}`, chart: "web", repository: "shared" });
    const { chart: _none, ...rest } = spec as Record<string, unknown>;
    const named = index % 2 === 0 ? { chart } : { chartRef: { kind: "OCIRepository", ...reference } };
    return { ...object, metadata, spec: { ...rest, suspend: true, ...named } };
  });
  for (let from = 0; from < many.length; from += 20) {
    await Promise.all(many.slice(from, from + 20).map((object) => tenant.create(object as never)));
  }
}

export default { name: "foreign_references", begin: beginForeignReferences } satisfies Attack;
