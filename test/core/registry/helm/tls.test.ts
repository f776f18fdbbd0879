import { generateKeyPairSync } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createCertificateCheck, tlsOf } from "../../../../core/registry/helm/tls.ts";
import { tryCertificate } from "../../../../core/runtime/certificates.ts";
import { createFetch } from "../../../../core/runtime/fetch.ts";
import { createAuthority } from "../../../../scripts/testbed/certificates.ts";
import { secretOf } from "./secrets.ts";

const s = suite("TLS of chart repositories");

const check = createCertificateCheck(tryCertificate);
const read = (texts: Record<string, string>, name: string, keys: "new" | "old") =>
  tlsOf(secretOf(texts), { namespace: "apps", name }, keys, check);

const authority = createAuthority("charts");
const [ann, bob] = [authority.client("ann"), authority.client("bob")];
const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
/** As `openssl x509 -req` makes them without extensions: of X.509 version 1. */
const version1 = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBDzCBtwIQL+teqwQq83uCS+RwDOsonzAKBggqhkjOPQQDAjAMMQowCAYDVQQD
DAF4MB4XDTI2MTEyNjAxMDAyNFoXDTM2MTEyMzAyMDAyNFowDjEMMAoGA1UEAwwD
am9lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQIxR5lMg8tNl+G+/Gw1RWG3Y
Ty457294Uu4YDAuc5q0Al6lFZ+0tmX5/n5hcmEchVVfWF/2mr58pfQEMYqTL5zAK
BggqhkjOPQQDAgNHADBEAiBAB5gMBHyQHMKqmB/1Man7y/i1TUAf9NhObsCVg5yW
oQIgALNDfAeRIbqYSpCM/09TOanWofALbvzzcYxo7qpdMpk=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoisIX1hV4wRmaNBy
wMHeMPraZ5BQBAZ32q6mwzIAUb2hRANCAARAjFHmUyDy02X4b78bDVFYbdhPLjnv
b3hS7hgMC5zmrQCXqUVn7S2Zfn+fmFyYRyFVV9YX/aavnyl9AQxipMvn
-----END PRIVATE KEY-----
`,
};
const keyOf = (namedCurve: string) =>
  generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

s("an authority, a client, or both", async () => {
  const client = { cert: ann.cert + authority.cert, key: ann.key };
  const of = (texts: Record<string, string>) => read(texts, "tls", "new");
  assert.equal(await of({ "ca.crt": authority.cert }), { ca: authority.cert });
  assert.equal(await of({ "tls.crt": client.cert, "tls.key": client.key }), { client });
  assert.equal(await of({ "ca.crt": authority.cert, "tls.crt": client.cert, "tls.key": client.key }), {
    ca: authority.cert,
    client,
  });
  createFetch(client).close();
});

s("the older keys in the Secret of the login", async () => {
  const old = { caFile: authority.cert, certFile: ann.cert, keyFile: ann.key };
  assert.equal(await read(old, "login", "old"), { ca: authority.cert, client: { cert: ann.cert, key: ann.key } });
  assert.is(await read({ username: "ann" }, "login", "old"), undefined);
  const half = await read({ certFile: ann.cert }, "login", "old");
  assert.is(half, "Secret apps/login has the key certFile, but not keyFile.");
});

s("what cannot be used is told by its key, and never reaches the runtime", async () => {
  const cases: [Record<string, string>, string][] = [
    [{}, "neither the key ca.crt, nor tls.crt and tls.key"],
    [{ "tls.crt": ann.cert }, "the key tls.crt, but not tls.key"],
    [{ "tls.key": ann.key }, "the key tls.key, but not tls.crt"],
    [{ "ca.crt": "secret" }, "a ca.crt that is no certificate in PEM"],
    [{ "ca.crt": authority.cert + broken }, "a ca.crt that is no certificate in PEM"],
    [{ "tls.crt": broken, "tls.key": ann.key }, "a tls.crt that is no certificate in PEM"],
    [{ "tls.crt": ann.key, "tls.key": ann.key }, "a tls.crt that is no certificate in PEM"],
    [{ "tls.crt": ann.cert, "tls.key": "secret" }, "a tls.key that is no private key in PEM"],
    [{ "tls.crt": ann.cert, "tls.key": bob.key }, "a tls.key that is not the key of tls.crt"],
    [
      { "tls.crt": ann.cert, "tls.key": keyOf("secp256k1") },
      "a tls.key of a kind that TLS does not take: RSA of 2048 bits, P-256, P-384 or Ed25519 is",
    ],
    [{ "tls.crt": version1.cert, "tls.key": version1.key }, "a tls.crt of X.509 version 1; version 3 is needed"],
  ];
  for (const [texts, fault] of cases) assert.is(await read(texts, "tls", "new"), `Secret apps/tls has ${fault}.`);
});

s.run();
