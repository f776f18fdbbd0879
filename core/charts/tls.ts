import { createPrivateKey, X509Certificate } from "node:crypto";
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
    (cert === undefined ? undefined : certificateFault(cert, names.cert) ?? pairFault(cert, key!, names));
  if (fault !== undefined) return `Secret ${which} has ${fault}.`;
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { client: { cert, key: key! } }) };
}

function certificateFault(pem: string, name: string): string | undefined {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    if (certificates.length > 0 && certificates.map((one) => new X509Certificate(one)).length > 0) return undefined;
  } catch {
    // told below
  }
  return `a ${name} that is no certificate in PEM`;
}

/** Deno 2.9 ends the whole process over a client certificate that its TLS does not take: it is given none of these. */
function pairFault(cert: string, key: string, names: { cert: string; key: string }): string | undefined {
  try {
    const certificate = new X509Certificate(cert);
    const privateKey = createPrivateKey(key);
    const { asymmetricKeyType: type = "", asymmetricKeyDetails: details = {} } = privateKey;
    const strong = type === "rsa"
      ? between(details.modulusLength, 2048, 8192)
      : type === "ec"
      ? ["prime256v1", "secp384r1", "secp521r1"].includes(details.namedCurve ?? "")
      : type === "ed25519";
    if (!strong) return `a ${names.key} of a kind that TLS does not take: RSA of 2048 bits, P-256, P-384 or Ed25519 is`;
    if (!isVersion3(certificate.raw)) return `a ${names.cert} of X.509 version 1; version 3 is needed`;
    return certificate.checkPrivateKey(privateKey) ? undefined : `a ${names.key} that is not the key of ${names.cert}`;
  } catch {
    return `a ${names.key} that is no private key in PEM`;
  }
}

const between = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && value >= least && value <= most;

/** Whether the certificate in DER begins with a version: in version 1 it is left out (RFC 5280, section 4.1). */
function isVersion3(der: Uint8Array): boolean {
  const body = contentAt(der, 0);
  return body !== undefined && der[contentAt(der, body) ?? 0] === 0xa0;
}

/** Where the content of the element at `at` begins. */
function contentAt(der: Uint8Array, at: number): number | undefined {
  const length = der[at + 1];
  return length === undefined ? undefined : at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}
