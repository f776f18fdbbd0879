import type { PullSecret } from "../../../../core/registry/docker_config.ts";
import type { SecretReader } from "../../../../core/registry/read_secret.ts";

/** A Secret with these texts. */
export const secretOf = (texts: Record<string, string>, type = "Opaque"): PullSecret => ({
  type,
  data: Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, btoa(String.fromCharCode(...new TextEncoder().encode(text)))]),
  ),
});

/** A reader of Secrets by `namespace/name`; one that is `"forbidden"` may not be read. Notes what was asked for. */
export function secretsOf(all: Record<string, PullSecret | "forbidden">): SecretReader & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    getSecret(namespace, name) {
      asked.push(`${namespace}/${name}`);
      const secret = all[`${namespace}/${name}`];
      if (secret !== "forbidden") return Promise.resolve(secret);
      return Promise.reject(Object.assign(new Error("forbidden"), { status: 403 }));
    },
  };
}
