import { type Challenge, parseChallenges } from "../lib/http_headers.ts";
import { RegistryError } from "./registry_error.ts";
import type { RegistryRequest, RegistryResponse, RepositoryRef } from "./send.ts";
import { basicAuth, bearerAuth, type Credentials } from "./credentials.ts";
import { createLru } from "../lib/lru.ts";
import type { MayBePlain } from "./plain_http.ts";
import type { Tokens } from "./tokens.ts";

export interface Authenticator {
  /**
   * Asks with what those who answer want, found by their challenges the first time and sent at once from then on: the registry itself gets
   * the login, of which `request.who` has the name; others that it leads to get the token that their token service gives without one.
   *
   * @param home the registry's own origin
   */
  ask(
    repository: RepositoryRef,
    request: RegistryRequest,
    home: string,
    credentials?: Credentials,
  ): Promise<RegistryResponse>;
}

export interface AuthenticatorOptions {
  /** Asks the registry once, with these headers. */
  ask: (request: RegistryRequest) => Promise<RegistryResponse>;
  tokens: Tokens;
  mayBePlain: MayBePlain;
}

/** How a registry wants to be asked. */
type AuthChallenge = { scheme: "basic" } | { scheme: "bearer"; realm: URL; service: string; scopes: string[] };

interface Requester {
  repository: RepositoryRef;
  credentials?: Credentials;
  identity: string;
}

/** What origins want, by origin. */
type AuthChallenges = ReadonlyMap<string, AuthChallenge>;

/** Bytes of all challenges that are remembered. */
const REMEMBERED = 1 << 20;
/** Origins whose challenges are met for one request. */
const CHALLENGERS = 3;

/**
 * As Docker does, the token service that a registry names over TLS is trusted with the login for that registry, whatever its host.
 * Without TLS it has to be on the registry's own host, or on one that plain http is allowed for.
 */
export function createAuthenticator({ ask, tokens, mayBePlain }: AuthenticatorOptions): Authenticator {
  /** By registry, repository and identity; Basic by registry and identity alone, since it is the same for all repositories. */
  const remembered = createLru<AuthChallenges>(REMEMBERED, (challenges, key) => 2 * key.length + bytesOf(challenges));

  /** The `Authorization` header that an auth challenge of an origin asks for; undefined when it cannot be met. */
  async function headerFor(
    authChallenge: AuthChallenge,
    challenger: string,
    { credentials, identity, repository: { registry, plain } }: Requester,
    refused?: string,
  ): Promise<string | undefined> {
    if (authChallenge.scheme === "bearer") {
      const whose = { registry, identity, ...(plain ? { plain } : {}), ...(credentials ? { credentials } : {}) };
      return await tokens.get({ ...authChallenge, ...whose, challenger }, refused);
    }
    return hasPassword(credentials) ? basicAuth(credentials?.username ?? "", credentials?.password ?? "") : undefined;
  }

  function remember(keys: { anywhere: string; here: string }, known: AuthChallenges, met: AuthChallenges): void {
    const basics = [...met].filter(([, { scheme }]) => scheme === "basic");
    if (basics.length > 0) remembered.set(keys.anywhere, new Map(basics));
    const others = [...known].filter(([origin]) => !met.has(origin));
    const bearers = [...others, ...met].filter(([, { scheme }]) => scheme === "bearer");
    if (bearers.length > 0) remembered.set(keys.here, new Map(bearers.slice(-CHALLENGERS)));
  }

  return {
    async ask(repository, request, home, credentials) {
      const { registry, plain = false } = repository;
      const identity = request.who;
      const anywhere = JSON.stringify([registry, plain, identity]);
      const here = JSON.stringify([registry, plain, identity, repository.repository]);
      const stranger: Requester = { repository, identity };
      const requesterAt = (origin: string): Requester =>
        origin === home && credentials ? { ...stranger, credentials } : stranger;

      const known: AuthChallenges = new Map([...remembered.get(anywhere) ?? [], ...remembered.get(here) ?? []]);
      /** The headers that origins are given. */
      const given = new Map<string, string>();
      for (const [origin, authChallenge] of known) {
        const header = await headerFor(authChallenge, origin, requesterAt(origin)).catch((error) => {
          // it may name another token service by now
          remembered.delete(here);
          throw error;
        });
        if (header !== undefined) given.set(origin, header);
      }
      const direct = credentials?.registryToken && bearerAuth(credentials.registryToken);
      if (direct) given.set(home, direct);

      // a way that began elsewhere and leads home carries no login
      const startsAtHome = new URL(request.url).origin === home;
      const met = new Map<string, AuthChallenge>();
      for (;;) {
        const answer = await ask(authorized(request, given, home));
        const { origin } = answer.url;
        if (answer.status !== 401) {
          if (met.size > 0) remember({ anywhere, here }, known, met);
          return answer;
        }
        if (met.has(origin) || met.size === CHALLENGERS || (origin === home && !startsAtHome)) return answer;
        remembered.delete(here);
        const requester = requesterAt(origin);
        const authChallenge = chooseChallenge(answer, requester, origin === home, mayBePlain);
        const header = authChallenge && await headerFor(authChallenge, origin, requester, given.get(origin));
        if (!authChallenge || header === undefined || header === given.get(origin)) return answer;
        given.set(origin, header);
        met.set(origin, authChallenge);
      }
    },
  };
}

function bytesOf(challenges: AuthChallenges): number {
  let bytes = 0;
  for (const [origin, authChallenge] of challenges) {
    bytes += 64 + 2 * origin.length;
    if (authChallenge.scheme === "bearer") {
      bytes += 512 + 2 * authChallenge.realm.href.length + authChallenge.service.length +
        authChallenge.scopes.join("  ").length;
    }
  }
  return bytes;
}

const hasPassword = ({ username = "", password = "" }: Credentials = {}): boolean => username !== "" || password !== "";

/** What is meant for the registry itself goes there only where the request begins there. */
function authorized(request: RegistryRequest, given: ReadonlyMap<string, string>, home: string): RegistryRequest {
  const start = new URL(request.url).origin;
  const authorization = given.get(start);
  const elsewhere = new Map([...given].filter(([origin]) => origin !== start && origin !== home));
  return {
    ...request,
    ...(authorization === undefined ? {} : { headers: { ...request.headers, authorization } }),
    ...(elsewhere.size === 0 ? {} : { elsewhere }),
  };
}

/** Of several challenges that with a token is met, unless it names no token service that can be asked and the login will do. */
function chooseChallenge(
  { url, headers }: RegistryResponse,
  requester: Requester,
  isHome: boolean,
  mayBePlain: MayBePlain,
): AuthChallenge | undefined {
  const challenges = parseChallenges(headers.get("www-authenticate"));
  const wantsBasic = challenges.some(({ scheme }) => scheme === "basic");
  let unfit: unknown;
  for (const challenge of challenges) {
    if (challenge.scheme !== "bearer") continue;
    try {
      return readBearer(challenge, url, isHome, requester.repository, mayBePlain);
    } catch (error) {
      unfit ??= error;
    }
  }
  if (wantsBasic && (unfit === undefined || hasPassword(requester.credentials))) return { scheme: "basic" };
  if (unfit !== undefined) throw unfit;
  return undefined;
}

function readBearer(
  { parameters }: Challenge,
  asked: URL,
  isHome: boolean,
  { registry, repository }: RepositoryRef,
  mayBePlain: MayBePlain,
): AuthChallenge {
  const text = parameters.get("realm") ?? "";
  const realm = URL.canParse(text) ? new URL(text) : undefined;
  if (!realm || !/^https?:$/.test(realm.protocol) || realm.username !== "" || realm.password !== "") {
    throw new RegistryError("garbage", registry, `${registry} names no token service in its challenge.`, {
      status: 401,
    });
  }
  const plainAllowed = asked.protocol === "http:" && (realm.hostname === asked.hostname || mayBePlain(realm.host));
  if (realm.protocol === "http:" && !plainAllowed) {
    const message = `${registry} names a token service with plain http, ${realm.host}.`;
    throw new RegistryError("insecure", registry, message, { status: 401 });
  }
  const scopes = (parameters.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  return {
    scheme: "bearer",
    realm,
    service: parameters.get("service") ?? "",
    scopes: scopes.length > 0 ? scopes : [`repository:${isHome ? repository : repositoryAt(asked) ?? repository}:pull`],
  };
}

/** The repository that an address of the API is about. */
const repositoryAt = ({ pathname }: URL): string | undefined =>
  /^\/v2\/(.+)\/(?:tags|manifests)\/[^/]+$/.exec(pathname)?.[1];
