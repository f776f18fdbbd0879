import type { KubeClient, Query } from "./client.ts";
import { isExpired } from "./kube_error.ts";

/** What every API object has, without `metadata.managedFields`; the rest of it is the projection's to know. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string; [field: string]: unknown };
  [field: string]: unknown;
}

interface Page {
  metadata: { resourceVersion: string; continue?: string };
  items: KubeObject[] | null;
}

export interface ListOptions {
  query?: Query;
  /** Objects per page. */
  pageSize: number;
  signal: AbortSignal;
  /** Called when the list starts over, because its snapshot had expired before its last page. */
  onRestart(): void;
  /** A page has come. */
  onPage?(): void;
  onItem(object: KubeObject): void;
}

/**
 * Lists page by page, keeping none, and gives the resourceVersion of the snapshot. The next page is asked for while one is
 * handed on. A list that outlives its snapshot (the API server keeps them for five minutes) starts over, the second time
 * in one piece, as client-go does.
 */
export async function listPages(client: KubeClient, path: string, options: ListOptions): Promise<string> {
  const ask = (limit: number | undefined, token: string | undefined) => {
    const query = { ...options.query, limit: limit?.toString(), continue: token };
    const page = client.request<Page>("GET", path, { query, signal: options.signal, timeoutMs: 60_000 });
    page.catch(() => {}); // it is waited for later
    return page;
  };
  for (let limit: number | undefined = options.pageSize;; limit = undefined) {
    try {
      let next = ask(limit, undefined);
      for (;;) {
        const { items, metadata } = await next;
        options.onPage?.();
        if (metadata.continue) next = ask(limit, metadata.continue);
        for (const object of items ?? []) options.onItem(object);
        if (!metadata.continue) return metadata.resourceVersion;
      }
    } catch (error) {
      if (!isExpired(error) || limit === undefined) throw error;
      options.onRestart();
    }
  }
}

/**
 * Whether a resource version is later than another of the same kind of object: both are decimal numbers that only grow
 * (Kubernetes API concepts, "Resource versions").
 */
export function isLaterVersion(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}

/**
 * Whether the API server has not come to a resource version that it gave itself, as after a restore of etcd. A watch from there
 * would be silent until it has, so each that follows on one that was cut is preceded by this; it reads one object at most.
 */
export async function isServerBefore(
  version: string,
  client: KubeClient,
  path: string,
  { query, signal }: { query: Query; signal: AbortSignal },
): Promise<boolean> {
  const { metadata } = await client.request<Page>("GET", path, { query: { ...query, limit: "1" }, signal });
  return isLaterVersion(version, metadata.resourceVersion);
}
