import { closestName, PREFIX, resourcePath } from "../../core/ui.ts";
import type { Cluster } from "./cluster.ts";
import type { WorkloadPlugin } from "../../core/plugin.ts";

/** The name that was meant by one that is mistyped, or only begun; undefined where none is close. Pure. */
export function meant(name: string, known: readonly string[]): string | undefined {
  const begun = known.filter((one) => one.startsWith(name));
  return begun.length === 1 ? begun[0] : closestName(name, known);
}

/** Where objects are listed, and how one of them is named. */
interface Place {
  path: string;
  text(name: string): string;
}

/** `: is web meant?`, of the objects at these paths; empty where none is close, or they may not be listed. */
export async function isMeant(cluster: Cluster, name: string, places: readonly Place[]): Promise<string> {
  const lists = await Promise.all(places.map(async ({ path, text }) => {
    const list = await listNames(cluster, path).catch(() => []);
    return list.map(({ name }) => [name, text(name)] as const);
  }));
  const known = new Map(lists.flat());
  const near = meant(name, [...known.keys()]);
  return near === undefined ? "" : `: is ${known.get(near)} meant?`;
}

export interface Named {
  name: string;
  annotations?: Record<string, string>;
}

/**
 * Only the metadata, as the API server gives it to those who ask so.
 *
 * @throws {KubeError}
 */
export async function listNames({ client }: Cluster, path: string): Promise<Named[]> {
  const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  const { items } = await client.request<{ items: { metadata: Named }[] | null }>("GET", path, { headers: { accept } });
  return (items ?? []).map(({ metadata }) => metadata);
}

/**
 * Names of a kind's workloads in the namespace that say a policy.
 *
 * @throws {KubeError}
 */
export async function managedNames(cluster: Cluster, { resource }: WorkloadPlugin): Promise<string[]> {
  const all = await listNames(cluster, resourcePath(resource, cluster.namespace));
  return all.filter(({ annotations }) => annotations?.[`${PREFIX}policy`] !== undefined).map(({ name }) => name);
}
