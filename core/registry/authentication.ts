import { type Challenge, parseChallenges } from "../lib/http_headers.ts";
import { RegistryError } from "./registry_error.ts";
import type { Answer, Question, RepositoryRef } from "./send.ts";
import { basic, bearer, type Credentials } from "./credentials.ts";
import { createLru } from "../lib/lru.ts";
import type { MayBePlain } from "./plain_http.ts";
import type { Tokens } from "./tokens.ts";

export interface Login {
  /**
   * Asks with what those who answer want, found by their challenges the first time and sent at once from then on: the registry itself gets
   * the login, of which `question.who` has the name; others that it leads to get the token that their token service gives without one.
   *
   * @param home the registry's own origin
   */
  ask(repository: RepositoryRef, question: Question, home: string, credentials?: Credentials): Promise<Answer>;
}

export interface LoginOptions {
  /** Asks the registry once, with these headers. */
  ask: (question: Question) => Promise<Answer>;
  tokens: Tokens;
  mayBePlain: MayBePlain;
}

/** How a registry wants to be asked. */
type Demand = { scheme: "basic" } | { scheme: "bearer"; realm: URL; service: string; scopes: string[] };

interface Asker {
  repository: RepositoryRef;
  credentials?: Credentials;
  identity: string;
}

/** What origins want, by origin. */
type Demands = ReadonlyMap<string, Demand>;

/** Bytes of all demands that are remembered. */
const REMEMBERED = 1 << 20;
/** Origins whose challenges are met for one question. */
const CHALLENGERS = 3;

/**
 * As Docker does, the token service that a registry names over TLS is trusted with the login for that registry, whatever its host.
 * Without TLS it has to be on the registry's own host, or on one that plain http is allowed for.
 */
export function createLogin({ ask, tokens, mayBePlain }: LoginOptions): Login {
  /** By registry, repository and identity; Basic by registry and identity alone, since it is the same for all repositories. */
  const remembered = createLru<Demands>(REMEMBERED, (demands, key) => 2 * key.length + bytesOf(demands));

  /** The `Authorization` header that a demand of an origin asks for; undefined when it cannot be met. */
  async function answerTo(
    demand: Demand,
    challenger: string,
    { credentials, identity, repository: { registry, plain } }: Asker,
    refused?: string,
  ): Promise<string | undefined> {
    if (demand.scheme === "bearer") {
      const whose = { registry, identity, ...(plain ? { plain } : {}), ...(credentials ? { credentials } : {}) };
      return await tokens.get({ ...demand, ...whose, challenger }, refused);
    }
    return hasPassword(credentials) ? basic(credentials?.username ?? "", credentials?.password ?? "") : undefined;
  }

  function remember(keys: { anywhere: string; here: string }, known: Demands, met: Demands): void {
    const basics = [...met].filter(([, { scheme }]) => scheme === "basic");
    if (basics.length > 0) remembered.set(keys.anywhere, new Map(basics));
    const others = [...known].filter(([origin]) => !met.has(origin));
    const bearers = [...others, ...met].filter(([, { scheme }]) => scheme === "bearer");
    if (bearers.length > 0) remembered.set(keys.here, new Map(bearers.slice(-CHALLENGERS)));
  }

  return {
    async ask(repository, question, home, credentials) {
      const { registry, plain = false } = repository;
      const identity = question.who;
      const anywhere = JSON.stringify([registry, plain, identity]);
      const here = JSON.stringify([registry, plain, identity, repository.repository]);
      const stranger: Asker = { repository, identity };
      const askerAt = (origin: string): Asker =>
        origin === home && credentials ? { ...stranger, credentials } : stranger;

      const known: Demands = new Map([...remembered.get(anywhere) ?? [], ...remembered.get(here) ?? []]);
      /** The headers that origins are given. */
      const given = new Map<string, string>();
      for (const [origin, demand] of known) {
        const header = await answerTo(demand, origin, askerAt(origin)).catch((error) => {
          // it may name another token service by now
          remembered.delete(here);
          throw error;
        });
        if (header !== undefined) given.set(origin, header);
      }
      const direct = credentials?.registryToken && bearer(credentials.registryToken);
      if (direct) given.set(home, direct);

      // a way that began elsewhere and leads home carries no login
      const startsAtHome = new URL(question.url).origin === home;
      const met = new Map<string, Demand>();
      for (;;) {
        const answer = await ask(authorized(question, given, home));
        const { origin } = answer.url;
        if (answer.status !== 401) {
          if (met.size > 0) remember({ anywhere, here }, known, met);
          return answer;
        }
        if (met.has(origin) || met.size === CHALLENGERS || (origin === home && !startsAtHome)) return answer;
        remembered.delete(here);
        const asker = askerAt(origin);
        const demand = readDemand(answer, asker, origin === home, mayBePlain);
        const header = demand && await answerTo(demand, origin, asker, given.get(origin));
        if (!demand || header === undefined || header === given.get(origin)) return answer;
        given.set(origin, header);
        met.set(origin, demand);
      }
    },
  };
}

function bytesOf(demands: Demands): number {
  let bytes = 0;
  for (const [origin, demand] of demands) {
    bytes += 64 + 2 * origin.length;
    if (demand.scheme === "bearer") {
      bytes += 512 + 2 * demand.realm.href.length + demand.service.length + demand.scopes.join("  ").length;
    }
  }
  return bytes;
}

const hasPassword = ({ username = "", password = "" }: Credentials = {}): boolean => username !== "" || password !== "";

/** What is meant for the registry itself goes there only where the question begins there. */
function authorized(question: Question, given: ReadonlyMap<string, string>, home: string): Question {
  const start = new URL(question.url).origin;
  const authorization = given.get(start);
  const elsewhere = new Map([...given].filter(([origin]) => origin !== start && origin !== home));
  return {
    ...question,
    ...(authorization === undefined ? {} : { headers: { ...question.headers, authorization } }),
    ...(elsewhere.size === 0 ? {} : { elsewhere }),
  };
}

/** Of several challenges that with a token is met, unless it names no token service that can be asked and the login will do. */
function readDemand(
  { url, headers }: Answer,
  asker: Asker,
  isHome: boolean,
  mayBePlain: MayBePlain,
): Demand | undefined {
  const challenges = parseChallenges(headers.get("www-authenticate"));
  const wantsBasic = challenges.some(({ scheme }) => scheme === "basic");
  let unfit: unknown;
  for (const challenge of challenges) {
    if (challenge.scheme !== "bearer") continue;
    try {
      return readBearer(challenge, url, isHome, asker.repository, mayBePlain);
    } catch (error) {
      unfit ??= error;
    }
  }
  if (wantsBasic && (unfit === undefined || hasPassword(asker.credentials))) return { scheme: "basic" };
  if (unfit !== undefined) throw unfit;
  return undefined;
}

function readBearer(
  { parameters }: Challenge,
  asked: URL,
  isHome: boolean,
  { registry, repository }: RepositoryRef,
  mayBePlain: MayBePlain,
): Demand {
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
