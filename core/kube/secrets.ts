import { createShared } from "../shared.ts";
import type { KubeClient } from "./client.ts";
import { isNotFound } from "./errors.ts";
import { resourcePath } from "./paths.ts";

/** A Secret as the API gives it: values in base64. */
export interface Secret {
  type?: string;
  data?: Record<string, string>;
}

export interface ServiceAccount {
  imagePullSecrets?: { name?: string }[];
}

const core = (plural: string) => ({ group: "", version: "v1", plural });

/**
 * Reads one Secret or ServiceAccount when it is needed; undefined when there is none. Who asks for one that is being read gets the
 * same answer; nothing of it is kept here.
 */
export function secretReader(client: KubeClient) {
  const reading = createShared<unknown>();
  const get = async (path: string): Promise<unknown> => {
    try {
      return await client.request("GET", path);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const read = <T>(plural: string, namespace: string, name: string): Promise<T | undefined> => {
    const path = resourcePath(core(plural), namespace, name);
    return reading(path, () => get(path)) as Promise<T | undefined>;
  };
  return {
    getSecret: (namespace: string, name: string) => read<Secret>("secrets", namespace, name),
    getServiceAccount: (namespace: string, name: string) => read<ServiceAccount>("serviceaccounts", namespace, name),
  };
}
