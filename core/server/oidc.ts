import * as z from "zod";
import { createRemoteJWKSet, customFetch } from "jose/jwks/remote";
import { JOSEError, JWKSMultipleMatchingKeys, JWKSNoMatchingKey, JWTExpired } from "jose/errors";
import { jwtVerify } from "jose/jwt/verify";
import type { Subject } from "../kube/access.ts";
import type { Fetch } from "../runtime/fetch.ts";
import { Unavailable } from "../lib/retryable.ts";
import { BadRequest } from "./http_errors.ts";
import { isSafeUrl } from "../registry/plain_http.ts";
import { type ClaimNames, subjectOfClaims } from "./oidc_claims.ts";

export interface OidcOptions extends ClaimNames {
  /** As its tokens write it in `iss`. */
  issuer: string;
  audience: string;
  fetch: Fetch;
}

/** Signatures with a public key alone: a token signed with a secret, or with nothing, proves nothing. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const clockToleranceSeconds = 10;
const timeoutMs = 5_000;
/** How long the issuer's word on where its keys are is believed; the keys themselves are asked for anew by jose. */
const discoveryMs = 3600_000;
const discoveryBody = z.object({ issuer: z.string(), jwks_uri: z.string().refine(isSafeUrl, "it is no https URL") });

/**
 * Whom a token of the issuer names (OpenID Connect Core 1.0, section 3.1.3.7, keys by OpenID Connect Discovery 1.0). Rejects with
 * `BadRequest` 401 where the token proves nothing, with `Unavailable` while the issuer cannot be asked for its keys.
 */
export function createOidc(options: OidcOptions): (token: string) => Promise<Subject> {
  const { issuer, audience } = options;
  let known: { keys: Promise<ReturnType<typeof keysAt>>; until: number } | undefined;

  async function keyFor(...asked: Parameters<ReturnType<typeof keysAt>>) {
    if (!known || known.until < performance.now()) {
      known = {
        keys: discover(options).then((url) => keysAt(url, options.fetch)),
        until: performance.now() + discoveryMs,
      };
    }
    try {
      const find = await known.keys;
      return await find(...asked);
    } catch (error) {
      if (error instanceof JWKSNoMatchingKey || error instanceof JWKSMultipleMatchingKeys) throw error;
      known = undefined;
      if (error instanceof Unavailable) throw error;
      throw new Unavailable(`the keys of ${issuer} cannot be had: ${(error as Error).message}`, 10);
    }
  }

  return async (token) => {
    try {
      const checks = { issuer, audience, algorithms, clockTolerance: clockToleranceSeconds, requiredClaims: ["exp"] };
      const { payload } = await jwtVerify(token, keyFor, checks);
      return subjectOfClaims(payload, options);
    } catch (error) {
      if (error instanceof JWTExpired) throw refusal("the token has expired");
      if (error instanceof JOSEError) throw refusal(`the token of ${issuer} proves nothing: ${error.message}`);
      throw error;
    }
  };
}

const refusal = (message: string) => new BadRequest(message, "Authorization", 401);
const keysAt = (url: URL, fetch: Fetch) =>
  createRemoteJWKSet(url, { timeoutDuration: timeoutMs, [customFetch]: fetch });

async function discover({ issuer, fetch }: OidcOptions): Promise<URL> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const away = (why: string) => new Unavailable(`${url} cannot be used: ${why}`, 10);
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
    const text = await response.text();
    if (response.status !== 200) throw away(`it answers ${response.status}`);
    const read = discoveryBody.parse(JSON.parse(text));
    if (read.issuer !== issuer) throw away(`it is of the issuer ${read.issuer}`);
    return new URL(read.jwks_uri);
  } catch (error) {
    throw error instanceof Unavailable ? error : away((error as Error).message);
  }
}
