import * as oauth from "oauth4webapi";
import { type DashboardContext, isSafeUrl, readClientSecret, Unavailable } from "../../../core/web.ts";

/** What has to be the same when a person comes back from the issuer. */
export interface Flow {
  state: string;
  nonce: string;
  verifier: string;
}

/** Why the issuer signed nobody in, in words. */
export class NotSignedIn extends Error {
  override name = "NotSignedIn";
}

export interface OpenidClient {
  /**
   * Where a person signs in.
   *
   * @throws {Unavailable} while the issuer cannot be asked
   */
  begin(): Promise<{ address: string; flow: Flow }>;
  /**
   * What the issuer says of who came back.
   *
   * @throws {NotSignedIn}
   * @throws {Unavailable}
   */
  end(said: URLSearchParams, flow: Flow): Promise<Record<string, unknown>>;
}

export type OpenidClientOptions = Pick<DashboardContext, "config" | "fetch" | "signal">;

const CALL_MS = 5_000;
/** How long the issuer's word on where it is asked is believed. */
const DISCOVERY_MS = 3600_000;
const CLOCK_TOLERANCE_SECONDS = 30;

/** Where the issuer leads back to. */
export const CALLBACK = "/login/callback";

/** Signs people in at `HEADWIND_OIDC_ISSUER`: authorization code with PKCE (RFC 7636, S256), state and nonce (OpenID Connect Core 1.0, section 3.1). */
export function createOpenidClient({ config, fetch, signal }: OpenidClientOptions): OpenidClient {
  const issuer = new URL(config.HEADWIND_OIDC_ISSUER!);
  const redirectUri = config.HEADWIND_UI_URL + CALLBACK;
  const client: oauth.Client = {
    client_id: config.HEADWIND_UI_OIDC_CLIENT_ID!,
    [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  };
  let known: { server: Promise<oauth.AuthorizationServer>; until: number } | undefined;

  /** Of each call: the operator's own way out, and a deadline. Plain http is for an issuer on this machine itself. */
  const way = () => ({
    [oauth.customFetch]: (url: string, { body, ...init }: oauth.CustomFetchOptions<string, unknown>) =>
      fetch(url, { ...init, ...(body ? { body: String(body) } : {}) } as RequestInit),
    [oauth.allowInsecureRequests]: issuer.protocol === "http:",
    signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]),
  });

  async function discover(): Promise<oauth.AuthorizationServer> {
    const response = await oauth.discoveryRequest(issuer, way());
    const server = await oauth.processDiscoveryResponse(issuer, response);
    if (!server.authorization_endpoint || !isSafeUrl(server.authorization_endpoint)) {
      throw new Error("it names no https address where people sign in");
    }
    return server;
  }

  async function askedServer(): Promise<oauth.AuthorizationServer> {
    if (!known || known.until < performance.now()) {
      known = { server: discover(), until: performance.now() + DISCOVERY_MS };
    }
    const asked = known;
    try {
      return await asked.server;
    } catch (error) {
      if (known === asked) known = undefined;
      throw away(error);
    }
  }

  const away = (error: unknown) =>
    new Unavailable(`the issuer ${issuer.host} cannot be used now: ${wordsOf(error)}`, 10);

  async function exchange(server: oauth.AuthorizationServer, said: URLSearchParams, { state, nonce, verifier }: Flow) {
    const passed = oauth.validateAuthResponse(server, client, said, state);
    const proof = await authOf(server, config.HEADWIND_UI_OIDC_CLIENT_SECRET_FILE);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proof,
      passed,
      redirectUri,
      verifier,
      way(),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, way());
    const claims = oauth.getValidatedIdTokenClaims(tokens)!;
    return { ...await moreOf(server, tokens, claims), ...claims };
  }

  /** Some issuers tell what they are asked for at their userinfo endpoint alone. */
  async function moreOf(
    server: oauth.AuthorizationServer,
    { access_token }: oauth.TokenEndpointResponse,
    claims: oauth.IDToken,
  ) {
    const wanted = [config.HEADWIND_OIDC_USERNAME_CLAIM, config.HEADWIND_OIDC_GROUPS_CLAIM];
    if (server.userinfo_endpoint === undefined || wanted.every((claim) => claims[claim] !== undefined)) return {};
    const response = await oauth.userInfoRequest(server, client, access_token, way());
    return await oauth.processUserInfoResponse(server, client, claims.sub, response);
  }

  return {
    async begin() {
      const server = await askedServer();
      const flow = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        verifier: oauth.generateRandomCodeVerifier(),
      };
      const address = new URL(server.authorization_endpoint!);
      const asked = {
        client_id: client.client_id,
        redirect_uri: redirectUri,
        response_type: "code",
        scope: config.HEADWIND_UI_OIDC_SCOPES,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: "S256",
      };
      for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
      return { address: address.href, flow };
    },
    async end(said, flow) {
      const server = await askedServer();
      try {
        return await exchange(server, said, flow);
      } catch (error) {
        if (isOutage(error)) throw away(error);
        throw new NotSignedIn(wordsOf(error), { cause: error });
      }
    },
  };
}

async function authOf(
  { token_endpoint_auth_methods_supported: ways }: oauth.AuthorizationServer,
  file: string | undefined,
) {
  if (file === undefined) return oauth.None();
  const secret = await readClientSecret(file);
  const isPosted = ways !== undefined && !ways.includes("client_secret_basic") && ways.includes("client_secret_post");
  return isPosted ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret);
}

/** It did not answer, or with a status that passes. */
function isOutage(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 || status === 429;
  return !(error instanceof oauth.OperationProcessingError || error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.ResponseBodyError || error instanceof oauth.UnsupportedOperationError ||
    error instanceof oauth.WWWAuthenticateChallengeError);
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof oauth.ResponseBodyError) return error.status;
  const { cause } = error as Error;
  return cause instanceof Response ? cause.status : undefined;
}

/** What the issuer said, or what is wrong with it. */
function wordsOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const described = error.error_description;
    return `it says ${error.error}${described ? `: ${described.slice(0, LONGEST)}` : ""}`;
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    const { error: code = "nothing else", error_description: described } = error.cause[0]?.parameters ?? {};
    return `it answers ${error.status} to Headwind itself and says ${code}${
      described ? `: ${described.slice(0, LONGEST)}` : ""
    }`;
  }
  const status = statusOf(error);
  if (status !== undefined && status !== 200) return `it answers ${status}`;
  return (error as Error).message.slice(0, LONGEST);
}

const LONGEST = 300;
