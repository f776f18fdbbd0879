import { createPrivateKey, X509Certificate } from "node:crypto";

/** A client's certificate and its key, as PEM; or the names of the two. */
export interface CertificatePair {
  cert: string;
  key: string;
}

/** Undefined where a text holds certificates in PEM and no others; else what is wrong, with the text's name, for a sentence. */
export function certificateFault(pem: string, name: string): string | undefined {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    if (certificates.length > 0 && certificates.map((one) => new X509Certificate(one)).length > 0) return undefined;
  } catch {
    // told below
  }
  return `a ${name} that is no certificate in PEM`;
}

/**
 * What keeps a client certificate from being used with its key, with the names of their texts, for a sentence. It finds what
 * people get wrong, and not all that Deno 2.9 ends the whole process over: see `tryCertificate`.
 */
export function pairFault({ cert, key }: CertificatePair, names: CertificatePair): string | undefined {
  const fault = certificateFault(cert, names.cert);
  if (fault !== undefined) return fault;
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
