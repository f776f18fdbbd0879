import { createLru } from "../lib/lru.ts";
import { createSingleFlight } from "../lib/answer_cache.ts";
import type { KubeClient } from "./client.ts";
import { isNotFound } from "./kube_error.ts";
import { resourcePath } from "./paths.ts";

/** A Secret as the API gives it: values in base64. */
export interface Secret {
  type?: string;
  data?: Record<string, string>;
}

export interface ServiceAccount {
  imagePullSecrets?: { name?: string }[];
}

const ACCOUNTS_KEPT_MS = 10_000;
const MOST_ACCOUNTS = 1_000;

const core = (plural: string) => ({ group: "", version: "v1", plural });

/**
 * Reads one Secret or ServiceAccount when it is needed; undefined when there is none. Who asks for one that is being read gets the
 * same answer. Nothing of a Secret is kept here; the names of a ServiceAccount's Secrets are for ten seconds, since each version that
 * a registry is asked for needs them.
 */
export function secretReader(client: KubeClient, now: () => number = () => performance.now()) {
  const accounts = createLru<{ account: ServiceAccount | undefined; until: number }>(MOST_ACCOUNTS);
  const reading = createSingleFlight<unknown>();
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
    async getServiceAccount(namespace: string, name: string): Promise<ServiceAccount | undefined> {
      const key = `${namespace}/${name}`;
      const known = accounts.get(key);
      if (known && now() < known.until) return known.account;
      const whole = await read<ServiceAccount>("serviceaccounts", namespace, name);
      const account = whole && { imagePullSecrets: whole.imagePullSecrets ?? [] };
      accounts.set(key, { account, until: now() + ACCOUNTS_KEPT_MS });
      return account;
    },
  };
}
