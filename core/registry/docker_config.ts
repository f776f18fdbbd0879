import type { Credentials } from "./credentials.ts";
import { textOfValue } from "./read_secret.ts";

/** The logins of one pull secret, by host and path: `quay.io`, `*.example.com:5000`, `registry.example/team`. */
export type DockerConfig = ReadonlyMap<string, Credentials>;

/** What is read of a Secret. */
export interface PullSecret {
  type?: string;
  /** Values in base64. */
  data?: Record<string, string>;
}

/**
 * Reads a Secret of type `kubernetes.io/dockerconfigjson` (`{"auths": {…}}`) or of the older `kubernetes.io/dockercfg` (`{…}`). Undefined
 * when it is neither, or cannot be read as a whole.
 *
 * Source: https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/credentialprovider/config.go
 */
export function readDockerConfig({ type, data = {} }: PullSecret): DockerConfig | undefined {
  try {
    if (type === "kubernetes.io/dockerconfigjson") {
      return readLogins(objectOf(decode(data[".dockerconfigjson"])).auths ?? {});
    }
    return type === "kubernetes.io/dockercfg" ? readLogins(decode(data[".dockercfg"])) : undefined;
  } catch {
    return undefined;
  }
}

const decode = (base64: string | undefined): unknown => JSON.parse(textOfValue(base64 ?? ""));

function readLogins(auths: unknown): DockerConfig {
  return new Map(Object.entries(objectOf(auths)).map(([place, login]) => [keyOf(place), readLogin(objectOf(login))]));
}

/** `auth` stands above `username` and `password`, as with the kubelet. */
function readLogin(login: Record<string, unknown>): Credentials {
  const auth = text(login.auth);
  const [username, password] = auth ? splitAuth(auth) : [text(login.username), text(login.password)];
  const identityToken = text(login.identitytoken);
  const registryToken = text(login.registrytoken);
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(identityToken === undefined ? {} : { identityToken }),
    ...(registryToken === undefined ? {} : { registryToken }),
  };
}

function splitAuth(auth: string): [string, string] {
  const plain = textOfValue(auth.trim());
  const colon = plain.indexOf(":");
  if (colon < 0) throw new Error("no colon");
  return [plain.slice(0, colon), plain.slice(colon + 1)];
}

/** Without scheme, and `/v1/` and `/v2/` are the same as the host alone. */
function keyOf(place: string): string {
  const [, host = "", path = ""] = /^(?:https?:\/\/)?([^/?#]*)([^?#]*)/.exec(place) ?? [];
  const effective = /^\/v[12]\//.test(path) ? path.slice(3) : path;
  return effective === "/" ? host : host + effective;
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("no object");
  return value as Record<string, unknown>;
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw new Error("no text");
  return value;
}
