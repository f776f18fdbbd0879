import { readSecret, type SecretReader, textOfValue } from "../read_secret.ts";
import type { PullSecret } from "../docker_config.ts";
import type { ChartSource } from "../../plugin.ts";
import { credentialsFor, type PullCredentials, readDockerConfig } from "../pull_credentials.ts";
import type { RepositoryRef } from "../send.ts";
import { identityOf, sha256 } from "../credentials.ts";
import { type CertificateCheck, type TlsIdentity, tlsOf } from "./tls.ts";

/** A login at a chart repository, by Basic. */
export interface BasicLogin {
  username: string;
  password: string;
}

/** Reads a Secret of a chart source, or says in a sentence why there is nothing to read. */
export async function readSourceSecret(
  secrets: SecretReader,
  namespace: string,
  name: string,
): Promise<PullSecret | string> {
  const secret = await readSecret(secrets, "Secret", namespace, name);
  return typeof secret === "string" ? `${secret}.` : secret;
}

/**
 * The login that a Secret `which` (`namespace/name`) has in its keys `username` and `password`; undefined when it has neither. Where it
 * has but one of them, or what cannot be read, a sentence that says so.
 *
 * Source: https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/helmrepositories.md#basic-access-authentication
 */
export function basicLoginOf(secret: PullSecret, which: string): BasicLogin | string | undefined {
  const texts = secretTexts(secret, ["username", "password"], which);
  if (typeof texts === "string") return texts;
  const { username, password } = texts;
  if (username !== undefined && password !== undefined) return { username, password };
  if (username === undefined && password === undefined) return undefined;
  const [there, missing] = username === undefined ? ["password", "username"] : ["username", "password"];
  return `Secret ${which} has the key ${there}, but not ${missing}.`;
}

/** The values of these keys that are there and not empty; a sentence where one of them is no text. */
export function secretTexts<K extends string>(
  { data = {} }: PullSecret,
  keys: readonly K[],
  which: string,
): Partial<Record<K, string>> | string {
  const texts: Partial<Record<K, string>> = {};
  for (const key of keys) {
    try {
      const text = textOfValue(data[key] ?? "");
      if (text !== "") texts[key] = text;
    } catch {
      return `Secret ${which} has a ${key} that is no text.`;
    }
  }
  return texts;
}

/**
 * The logins that the Secret of an `oci://` source has for one of its repositories: those of a `kubernetes.io/dockerconfigjson` that fit,
 * or `username` and `password`, which are for the host of the source's URL. `repository` is by `chartRepositoryRef` of that source. A
 * Secret that is missing, malformed or forbidden gives none, and a warning; other errors of the reader are thrown.
 *
 * Source: https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/helmrepositories.md#secret-reference
 */
export async function readChartCredentials(
  secrets: SecretReader,
  { namespace, secret: name }: Pick<ChartSource, "namespace" | "secret">,
  repository: RepositoryRef,
): Promise<PullCredentials> {
  if (name === undefined) return { credentials: [], warnings: [] };
  const which = `${namespace}/${name}`;
  const none = (warning: string): PullCredentials => ({ credentials: [], warnings: [warning] });
  const secret = await readSourceSecret(secrets, namespace, name);
  if (typeof secret === "string") return none(secret);
  if (secret.type === "kubernetes.io/dockerconfigjson" || secret.type === "kubernetes.io/dockercfg") {
    const config = readDockerConfig(secret);
    if (!config) return none(`Secret ${which} is no readable ${secret.type}.`);
    const credentials = credentialsFor([config], repository);
    return credentials.length > 0
      ? { credentials, warnings: [] }
      : none(`Secret ${which} has no login for ${repository.registry}.`);
  }
  const login = basicLoginOf(secret, which);
  if (typeof login === "string") return none(login);
  return login
    ? { credentials: [login], warnings: [] }
    : none(`Secret ${which} has neither username nor password, and is no kubernetes.io/dockerconfigjson.`);
}

/** What a chart repository is asked with. */
export interface Access {
  login?: BasicLogin;
  tls: { key: string; identity?: TlsIdentity };
  /** A name for whose answers something is, from which no secret can be found. */
  identity: string;
}

/**
 * Reads the Secrets of a source of type index. Gives a sentence where one of them cannot be used; throws what the reader throws. Without
 * `check`, a client certificate is none that can be used.
 */
export async function readAccess(
  secrets: SecretReader,
  { namespace, secret: loginName, certSecret: tlsName }: ChartSource,
  check?: CertificateCheck,
): Promise<Access | string> {
  const read = async (name: string | undefined) => name ? await readSourceSecret(secrets, namespace, name) : undefined;
  const [loginSecret, tlsSecret] = await Promise.all([read(loginName), read(tlsName)]);
  if (typeof loginSecret === "string") return loginSecret;
  if (typeof tlsSecret === "string") return tlsSecret;
  const login = loginSecret && basicLoginOf(loginSecret, `${namespace}/${loginName}`);
  if (typeof login === "string") return login;
  const tls = (tlsSecret && await tlsOf(tlsSecret, { namespace, name: tlsName! }, "new", check)) ??
    (loginSecret && await tlsOf(loginSecret, { namespace, name: loginName! }, "old", check));
  if (typeof tls === "string") return tls;
  const key = tls ? await sha256(new TextEncoder().encode(JSON.stringify(tls))) : "";
  return {
    ...(login ? { login } : {}),
    tls: { key, ...(tls ? { identity: tls } : {}) },
    identity: `${await identityOf(login)} ${key}`,
  };
}
