import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import { bits, boolean, integer, octets, oid, raw, sequence, set, tagged, text, time } from "./der.ts";

/** A certificate with its private key, both as PEM (the key as PKCS #8). */
export interface Certificate {
  cert: string;
  key: string;
}

/** An authority that signs with ECDSA on P-256. Made here because a bare machine has no openssl. */
export interface Authority extends Certificate {
  /** A serving certificate for IP addresses and names. */
  server(addresses: string[], names: string[]): Certificate;
  /** A client certificate: for Kubernetes, `name` is the user and `groups` are its groups. */
  client(name: string, groups?: string[]): Certificate;
}

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const usage = { digitalSignature: 0x80, signCertificates: 0x04 };
const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** A new authority of this name. Its certificates are valid from an hour ago, for ten years. */
export function createAuthority(name: string): Authority {
  const own = newKey();
  const issuer = { subject: distinguishedName(name), key: own };
  const cert = issue(issuer, own, issuer.subject, [
    extension("2.5.29.19", true, sequence(boolean(true))),
    keyUsage(usage.signCertificates | usage.digitalSignature),
  ]);
  const leaf = (subject: Uint8Array, purpose: string, more: Uint8Array[] = []): Certificate => {
    const key = newKey();
    const extensions = [
      keyUsage(usage.digitalSignature),
      extension("2.5.29.37", false, sequence(oid(purpose))),
      ...more,
    ];
    return { cert: issue(issuer, key, subject, extensions), key: pem(key) };
  };
  return {
    cert,
    key: pem(own),
    server(addresses, names) {
      const alternatives = [
        ...names.map((name) => raw(2, new TextEncoder().encode(name))),
        ...addresses.map((address) => raw(7, Uint8Array.from(address.split(".").map(Number)))),
      ];
      const subject = distinguishedName(names[0] ?? addresses[0] ?? "server");
      return leaf(subject, serverAuth, [extension("2.5.29.17", false, sequence(...alternatives))]);
    },
    client: (name, groups = []) => leaf(distinguishedName(name, groups), clientAuth),
  };
}

/** A key pair for signing service account tokens, as PEM: the public key (SPKI) and the private one (PKCS #8). */
export function createSigningKey(): { publicKey: string; privateKey: string } {
  const key = newKey();
  return { publicKey: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(), privateKey: pem(key) };
}

interface Issuer {
  subject: Uint8Array;
  key: KeyObject;
}

// RFC 5280, section 4.1
function issue(issuer: Issuer, key: KeyObject, subject: Uint8Array, extensions: Uint8Array[]): string {
  const now = Date.now();
  const validity = sequence(time(new Date(now - 3_600_000)), time(new Date(now + 10 * 365 * 86_400_000)));
  const publicKey = spki(key);
  const identifiers = [
    extension("2.5.29.14", false, octets(keyIdentifier(key))),
    extension("2.5.29.35", false, sequence(raw(0, keyIdentifier(issuer.key)))),
  ];
  const body = sequence(
    tagged(0, integer(Uint8Array.of(2))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    issuer.subject,
    validity,
    subject,
    publicKey,
    tagged(3, sequence(...identifiers, ...extensions)),
  );
  const signed = sequence(body, ecdsaWithSha256, bits(sign("sha256", body, issuer.key)));
  const lines = Buffer.from(signed).toString("base64").match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string, organizations: string[] = []): Uint8Array {
  const part = (type: string, value: string) => set(sequence(oid(type), text(value)));
  return sequence(...organizations.map((name) => part("2.5.4.10", name)), part("2.5.4.3", commonName));
}

function extension(type: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value));
}

function keyUsage(flags: number): Uint8Array {
  const unused = Math.log2(flags & -flags);
  return extension("2.5.29.15", true, bits(Uint8Array.of(flags), unused));
}

const spki = (key: KeyObject) => createPublicKey(key).export({ type: "spki", format: "der" });
const keyIdentifier = (key: KeyObject) => createHash("sha256").update(spki(key)).digest().subarray(0, 20);
const newKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const pem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
