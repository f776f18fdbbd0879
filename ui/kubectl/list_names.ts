import type { Cluster } from "./cluster.ts";

export interface Named {
  name: string;
  annotations?: Record<string, string>;
}

/** Only the metadata, as the API server gives it to those who ask so. Throws `KubeError`. */
export async function listNames({ client }: Cluster, path: string): Promise<Named[]> {
  const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  const { items } = await client.request<{ items: { metadata: Named }[] }>("GET", path, { headers: { accept } });
  return items.map(({ metadata }) => metadata);
}
