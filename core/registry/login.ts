import { type Challenge, parseChallenges } from "./challenge.ts";
import { RegistryError } from "./errors.ts";
import type { Answer, Question } from "./exchange.ts";
import { basic, bearer, type Credentials } from "./identity.ts";
import { createLru } from "./lru.ts";
import type { MayBePlain } from "./plain_http.ts";
import type { RepositoryRef } from "./repository_ref.ts";
import type { Tokens } from "./tokens.ts";

export interface Login {
  /** Asks with the login that the registry wants, found by its challenge the first time and sent at once from then on: `question.who` has it. */
  ask(repository: RepositoryRef, question: Question, credentials?: Credentials): Promise<Answer>;
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

/** Bytes of all demands that are remembered. */
const REMEMBERED = 1 << 20;

/**
 * As Docker does, the token service that a registry names over TLS is trusted with the login for that registry, whatever its host.
 * Without TLS it has to be on the registry's own host, or on one that plain http is allowed for.
 */
export function createLogin({ ask, tokens, mayBePlain }: LoginOptions): Login {
  /** By registry, repository and identity; Basic also by registry and identity alone, since it is the same for all repositories. */
  const demands = createLru<Demand>(REMEMBERED, (demand, key) => 2 * key.length + bytesOf(demand));

  /** The `Authorization` header that a demand asks for; undefined when it cannot be met. */
  async function answerTo(demand: Demand, asker: Asker, refused?: string): Promise<string | undefined> {
    const { credentials, identity, repository: { registry, plain } } = asker;
    if (demand.scheme === "bearer") {
      const whose = { registry, identity, ...(plain ? { plain } : {}), ...(credentials ? { credentials } : {}) };
      return await tokens.get({ ...demand, ...whose }, refused);
    }
    const { username = "", password = "" } = credentials ?? {};
    return username === "" && password === "" ? undefined : basic(username, password);
  }

  return {
    async ask(repository, question, credentials) {
      const asker: Asker = {
        repository,
        identity: question.who,
        ...(credentials ? { credentials } : {}),
      };
      const { registry, plain = false } = repository;
      const anywhere = JSON.stringify([registry, plain, asker.identity]);
      const here = JSON.stringify([registry, plain, asker.identity, repository.repository]);
      const known = demands.get(here) ?? demands.get(anywhere);

      const first = credentials?.registryToken
        ? bearer(credentials.registryToken)
        : known && await answerTo(known, asker).catch((error) => {
          // the registry may name another token service by now
          demands.delete(here);
          throw error;
        });
      const answer = await ask(authorized(question, first));
      if (answer.status !== 401 || !answer.sameOrigin) return answer;

      demands.delete(here);
      const demand = readDemand(answer, question, repository, mayBePlain);
      const second = demand && await answerTo(demand, asker, first);
      if (!demand || second === undefined || second === first) return answer;
      const better = await ask(authorized(question, second));
      if (better.status !== 401) demands.set(demand.scheme === "basic" ? anywhere : here, demand);
      return better;
    },
  };
}

function bytesOf(demand: Demand): number {
  if (demand.scheme === "basic") return 64;
  return 512 + 2 * demand.realm.href.length + demand.service.length + demand.scopes.join("  ").length;
}

function authorized(question: Question, authorization: string | undefined): Question {
  return authorization === undefined ? question : { ...question, headers: { ...question.headers, authorization } };
}

function readDemand(
  answer: Answer,
  { url }: Question,
  repository: RepositoryRef,
  mayBePlain: MayBePlain,
): Demand | undefined {
  const challenges = parseChallenges(answer.headers.get("www-authenticate"));
  const wanted = challenges.find(({ scheme }) => scheme === "bearer");
  if (wanted) return readBearer(wanted, new URL(url), repository, mayBePlain);
  return challenges.some(({ scheme }) => scheme === "basic") ? { scheme: "basic" } : undefined;
}

function readBearer(
  { parameters }: Challenge,
  asked: URL,
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
    scopes: scopes.length > 0 ? scopes : [`repository:${repository}:pull`],
  };
}
