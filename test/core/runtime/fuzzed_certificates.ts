import { Buffer } from "node:buffer";
import process from "node:process";
import { authorityFault, noTrials, tryCertificate } from "../../../core/runtime/certificates.ts";
import { createFetch } from "../../../core/runtime/fetch.ts";
import { createAuthority } from "../../../scripts/testbed/certificates.ts";

/**
 * Uses what the checks let pass, as a chart repository does, and prints how many of each kind did; with `noTrials`, only why they cannot be
 * checked. A program of its own.
 */
if (process.argv[2] === "noTrials") {
  console.log(noTrials());
  process.exit(0);
}
const seed = Number(process.argv[2] ?? "1");
const rounds = Number(process.argv[3] ?? "20");
const { cert, key } = createAuthority("charts").client("ann");
const names = { cert: "tls.crt", key: "tls.key" };

const derOf = (pem: string) => Buffer.from(pem.replace(/-----[^-]*-----|\s/g, ""), "base64");
const pemOf = (der: Uint8Array, label: string) =>
  `-----BEGIN ${label}-----\n${
    Buffer.from(der).toString("base64").match(/.{1,64}/g)!.join("\n")
  }\n-----END ${label}-----\n`;
const certOf = (der: Uint8Array) => pemOf(der, "CERTIFICATE");
let state = seed;
const random = (below: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;

function changed(der: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(der);
  copy[random(copy.length)] = random(256);
  return copy;
}

/** Changes the bytes of `from`, once, into those of `to`. */
function replaced(der: Buffer, from: number[], to: number[], last = false): Uint8Array {
  const at = last ? der.lastIndexOf(Buffer.from(from)) : der.indexOf(Buffer.from(from));
  const copy = Uint8Array.from(der);
  copy.set(to, at);
  return copy;
}

const der = derOf(cert);
const ecdsaWithSha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ecdsaWithSha384 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
const pairs = [
  { cert, key },
  { cert: certOf(Buffer.concat([der, Buffer.alloc(50)])), key },
  // an unknown critical extension: the key usage, which is critical, by another name
  { cert: certOf(replaced(der, [0x06, 0x03, 0x55, 0x1d, 0x0f], [0x06, 0x03, 0x55, 0x1d, 0x7f])), key },
  { cert: certOf(replaced(der, ecdsaWithSha256, ecdsaWithSha384, true)), key },
  ...Array.from({ length: rounds }, () => ({ cert: certOf(changed(der)), key })),
  ...Array.from({ length: rounds / 4 }, () => ({ cert, key: pemOf(changed(derOf(key)), "PRIVATE KEY") })),
];
let used = 0;
let refused = 0;
for (const pair of pairs) {
  const fault = await tryCertificate(pair, names);
  if (fault === undefined) createFetch(pair).close();
  if (fault === undefined) used++;
  else refused++;
}
for (let round = 0; round < rounds * 20; round++) {
  const ca = certOf(round === 0 ? Buffer.concat([der, Buffer.alloc(50)]) : changed(der));
  if (authorityFault(ca, "ca.crt") === undefined) createFetch({ ca: [ca] }).close();
}
console.log(JSON.stringify({ used, refused }));
process.exit(0);
