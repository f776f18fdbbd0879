import type { CheckAccess } from "../plugin.ts";
import { isAlreadyExists, isNotFound, type KubeClient } from "../kube/client.ts";

/** The API server as checks see it. Every request ends with the signal. Paths that are no plain path of the API are refused. */
export function checkAccess(client: KubeClient, signal: AbortSignal): CheckAccess {
  return {
    async get<T>(path: string): Promise<T | undefined> {
      try {
        return await client.request<T>("GET", ofTheApi(path), { signal });
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async create(path, object) {
      try {
        await client.request("POST", ofTheApi(path), { body: object, signal });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
  };
}

/** `.` and `..`, also as `%2e`, a query and a fragment would lead elsewhere than the path says. */
function ofTheApi(path: string): string {
  if (!/^\/apis?\/./.test(path) || new URL(path, "http://localhost").pathname !== path) {
    throw new Error(`${path} is no path of an object: it begins with /api/ or /apis/ and has no query`);
  }
  return path;
}
