import { RegistryError } from "./registry_error.ts";
import type { RegistryRequest, RegistryResponse } from "./send.ts";
import { basicAuth, bearerAuth, type Credentials } from "./credentials.ts";
import { createLru } from "../lib/lru.ts";
import { createSingleFlight } from "../lib/answer_cache.ts";

/** What a registry's Bearer challenge asks for. */
export interface TokenRequest {
  registry: string;
  /** As in `RepositoryRef`. */
  plain?: true;
  /** The origin of who challenged, to which alone the token is sent. */
  challenger: string;
  realm: URL;
  service: string;
  scopes: string[];
  credentials?: Credentials;
  /** For whom it is asked, as `identityOf` has it. */
  identity: string;
}

export interface Tokens {
  /** The `Authorization` header of a token that is valid, from memory where there is one other than `refused`. */
  get(request: TokenRequest, refused?: string): Promise<string>;
}

export interface TokensOptions {
  /** Asks; throws for 429 and 5xx. */
  ask: (request: RegistryRequest) => Promise<RegistryResponse>;
  now: () => number;
}

/** Bytes of all that are kept; one can take some kilobytes. */
const KEPT = 1 << 20;
const LIMIT = 64 << 10;
/** The least that a token is valid for, and what it is where the service does not say. */
const MIN_SECONDS = 60;
const MAX_SECONDS = 86_400;
const CLIENT_ID = "headwind";

/**
 * Tokens of the token services that registries name, kept by who challenged, realm, service, scope and identity for nine tenths of
 * their time; asked for once, however many wait for the same.
 *
 * Source: https://distribution.github.io/distribution/spec/auth/token/ and …/auth/oauth/
 */
export function createTokens({ ask, now }: TokensOptions): Tokens {
  const kept = createLru<{ header: string; until: number }>(KEPT, ({ header }, key) => header.length + 2 * key.length);
  const asking = createSingleFlight<string>();

  async function fetchToken(key: string, request: TokenRequest): Promise<string> {
    const began = now();
    const answer = await requestToken(ask, request);
    const { header, seconds } = read(answer, request);
    kept.set(key, { header, until: began + seconds * 900 });
    return header;
  }

  return {
    get(request, refused) {
      const { challenger, realm, service, scopes, identity } = request;
      const key = JSON.stringify([challenger, realm.href, service, scopes, identity]);
      const known = kept.get(key);
      if (known && known.header !== refused && known.until > now()) return Promise.resolve(known.header);
      kept.delete(key);
      return asking(key, () => fetchToken(key, request));
    },
  };
}

/**
 * With an identity token by OAuth 2's refresh grant, otherwise by GET: with Basic, or without a login. A token service that knows no such
 * grant is asked by GET as well, where the identity token stands for a password; by what it answers then, as containerd has it.
 */
async function requestToken(ask: TokensOptions["ask"], request: TokenRequest): Promise<RegistryResponse> {
  const { credentials: { username = "", password = "", identityToken = "" } = {} } = request;
  if (identityToken !== "") {
    const answer = await ask(byGrant(request, identityToken));
    if (!NO_GRANT.has(answer.status)) return answer;
  }
  return await ask(byGet(request, username, password || identityToken));
}

const NO_GRANT = new Set([400, 401, 404, 405]);

const common = ({ registry, plain, identity: who }: TokenRequest) =>
  ({ kind: "token", registry, who, limit: LIMIT, ...(plain ? { plain } : {}) }) as const;

function byGrant(request: TokenRequest, identityToken: string): RegistryRequest {
  const { realm, service, scopes } = request;
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: identityToken,
    client_id: CLIENT_ID,
    service,
    scope: scopes.join(" "),
  });
  return { ...common(request), method: "POST", url: realm.href, headers: {}, body };
}

function byGet(request: TokenRequest, username: string, password: string): RegistryRequest {
  const { realm, service, scopes } = request;
  const url = new URL(realm);
  if (service !== "") url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const login = username !== "" || password !== "";
  const headers: Record<string, string> = login ? { authorization: basicAuth(username, password) } : {};
  return { ...common(request), method: "GET", url: url.href, headers };
}

function read(
  { status, body }: RegistryResponse,
  { registry, realm }: TokenRequest,
): { header: string; seconds: number } {
  if ([400, 401, 403].includes(status)) {
    const message = `the token service ${realm.host} of ${registry} refused the login with ${status}.`;
    throw new RegistryError("unauthorized", registry, message, { status });
  }
  const garbage = (what: string) =>
    new RegistryError("garbage", registry, `the token service ${realm.host} of ${registry} ${what}.`, { status });
  if (status !== 200) throw garbage(`answered ${status}`);
  const { token, access_token, expires_in } = parsed(body);
  const text = typeof token === "string" && token !== "" ? token : access_token;
  const header = typeof text === "string" ? bearerAuth(text) : undefined;
  if (header === undefined) throw garbage("answered without a token");
  const told = typeof expires_in === "number" && expires_in > MIN_SECONDS ? expires_in : MIN_SECONDS;
  return { header, seconds: Math.min(told, MAX_SECONDS) };
}

function parsed(body: Uint8Array): { token?: unknown; access_token?: unknown; expires_in?: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
