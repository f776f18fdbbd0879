import type { KubeClient, RequestOptions } from "./client.ts";

/**
 * A client whose writes are the API server's dry runs: judged by all that judges a write, and not stored. The options of a DELETE stand
 * in its body, which hides the query.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function dryRunOf(client: KubeClient): KubeClient {
  return {
    stream: client.stream,
    request(method, path, options = {}) {
      if (method === "GET") return client.request(method, path, options);
      const body = method === "DELETE" ? { ...options.body as object | undefined, dryRun: ["All"] } : options.body;
      const dried: RequestOptions = { ...options, body, query: { ...options.query, dryRun: "All" } };
      return client.request(method, path, dried);
    },
  };
}
