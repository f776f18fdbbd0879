import type { ChartSource } from "../../plugin.ts";
import { identityOf, sha256 } from "../identity.ts";
import type { SecretReader } from "../read_secret.ts";
import { type BasicLogin, basicLoginOf, readSourceSecret } from "./login.ts";
import { type TlsIdentity, tlsOf } from "./tls.ts";
import type { CertificateCheck } from "./tried_certificates.ts";

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
