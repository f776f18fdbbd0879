import { createFetch } from "./fetch.ts";
import { readTextFile } from "./process.ts";
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

/** What keeps certificates of authorities, in PEM, from being trusted, with the text's name, for a sentence. */
export function authorityFault(pem: string, name: string): string | undefined {
  const fault = certificateFault(pem, name);
  if (fault !== undefined) return fault;
  try {
    createFetch({ ca: [pem], onlyCa: true }).close();
    return undefined;
  } catch {
    return `a ${name} that TLS does not take`;
  }
}

/** The authorities, in PEM, of a file that a setting names. Throws, naming both, where there are none, or one that cannot be trusted. */
export async function readAuthorities(setting: string, path: string): Promise<string> {
  const pem = await readTextFile(path).catch((error: Error) => {
    throw new Error(`${setting}: ${error.message}`);
  });
  const fault = authorityFault(pem, "file");
  if (fault !== undefined) throw new Error(`${setting}: ${path} is ${fault}`);
  return pem;
}

/** What keeps a client certificate from being used with its key, with the names of their texts, for a sentence. */
export type TryCertificate = (pair: CertificatePair, names: CertificatePair) => Promise<string | undefined>;

/** Source of a process of its own, without any permission: all that it does is what Deno may end it for. */
const TRIAL_PROGRAM = `
const { cert, key } = JSON.parse(await new Response(Deno.stdin.readable).text());
Deno.createHttpClient({ cert, key }).close();
console.log("taken");
`;
const LONGEST_TRIAL_MS = 10_000;

/**
 * Tries a pair where it can do no harm. Deno 2.9 ends the whole process, without an exception, over a client certificate that
 * its TLS refuses and every other reader takes (bytes behind it, an unknown critical extension): there it is tried in a
 * process of its own first, for which this one needs the permission to run Deno. Node throws, so it tries for itself.
 */
export const tryCertificate: TryCertificate = async (pair, names) => {
  const fault = pairFault(pair, names);
  if (fault !== undefined) return fault;
  const refused = `a ${names.cert} that TLS does not take`;
  if (!("Deno" in globalThis)) {
    const { createSecureContext } = await import("node:tls");
    try {
      createSecureContext(pair);
    } catch {
      return refused;
    }
    return undefined;
  }
  return await isTaken(pair) ? undefined : refused;
};

/** @throws where that could not be found out: it took too long, or no process could be started */
async function isTaken(pair: CertificatePair): Promise<boolean> {
  const args = ["run", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, `data:application/javascript,${encodeURIComponent(TRIAL_PROGRAM)}`],
    clearEnv: true,
    env: { DENO_DIR: "/dev/null/none", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    try {
      child.kill("SIGKILL");
    } catch {
      // it has ended in this moment
    }
  }, LONGEST_TRIAL_MS);
  try {
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode(JSON.stringify(pair)))
      .then(() => input.close())
      // one that ended before it read all has said what it is
      .catch(() => {});
    const { signal, stdout } = await child.output();
    if (late || signal === "SIGKILL") {
      throw new Error(`it took longer than ${LONGEST_TRIAL_MS / 1000} s`);
    }
    return new TextDecoder().decode(stdout).trim() === "taken";
  } finally {
    clearTimeout(timer);
  }
}

/** Why client certificates cannot be tried here, in a sentence; undefined where they can. */
export function noTrials(): string | undefined {
  if (!("Deno" in globalThis)) return undefined;
  const command = Deno.execPath();
  if (Deno.permissions.querySync({ name: "run", command }).state === "granted") return undefined;
  return `Deno has to be started with --allow-run=${command}, so that a certificate which Deno cannot bear ends another process`;
}
