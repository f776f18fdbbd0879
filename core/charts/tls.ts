import { certificateFault, pairFault } from "../runtime/client_certificate.ts";
import type { PullSecret } from "../registry/docker_config.ts";
import { secretTexts } from "./login.ts";

/** What a chart repository's TLS needs beyond the operator's own, as PEM. */
export interface TlsIdentity {
  ca?: string;
  /** The client's certificate, and its key. */
  client?: { cert: string; key: string };
}

const KEYS = { ca: "ca.crt", cert: "tls.crt", key: "tls.key" } as const;
/** In the Secret of the login, as Flux had it before `certSecretRef`. */
const OLD_KEYS = { ca: "caFile", cert: "certFile", key: "keyFile" } as const;

/**
 * Reads a Secret `which` (`namespace/name`) that `certSecretRef` names (`keys` "new"), or the older keys in the Secret of the login
 * ("old"; undefined where there are none). Gives a sentence that names the key where one is missing or is not what it should be.
 *
 * Source: https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/helmrepositories.md#cert-secret-reference
 */
export function tlsOf(secret: PullSecret, which: string, keys: "new" | "old"): TlsIdentity | string | undefined {
  const names = keys === "new" ? KEYS : OLD_KEYS;
  const texts = secretTexts(secret, Object.values(names), which);
  if (typeof texts === "string") return texts;
  const { [names.ca]: ca, [names.cert]: cert, [names.key]: key } = texts;
  if (ca === undefined && cert === undefined && key === undefined) {
    return keys === "old" ? undefined : `Secret ${which} has neither the key ca.crt, nor tls.crt and tls.key.`;
  }
  const lacking = (there: string, missing: string) => `Secret ${which} has the key ${there}, but not ${missing}.`;
  if (cert === undefined && key !== undefined) return lacking(names.key, names.cert);
  if (cert !== undefined && key === undefined) return lacking(names.cert, names.key);
  const fault = (ca === undefined ? undefined : certificateFault(ca, names.ca)) ??
    (cert === undefined ? undefined : pairFault({ cert, key: key! }, names));
  if (fault !== undefined) return `Secret ${which} has ${fault}.`;
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { client: { cert, key: key! } }) };
}
