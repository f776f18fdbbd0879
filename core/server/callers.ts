import { mayI, type ResourceAttributes, reviewSelf, type Subject } from "../kube/access.ts";
import { BadRequest } from "./http_errors.ts";
import { requireKnownHost } from "./same_site.ts";
import {
  createKubeClient,
  type KubeClient,
  type KubeClientHooks,
  type KubeConnection,
  withToken,
} from "../kube/client.ts";
import { isForbidden, isNotFound, KubeError } from "../kube/kube_error.ts";
import { decodeBase64 } from "../lib/bytes.ts";
import { RESOURCE } from "../requests/update_request.ts";

/** Who calls, as far as it is proven. */
export type Caller =
  /** By a token of the cluster: what they want is written with `client`, so the API server itself says whether they may. */
  | { kind: "token" } & TokenHolder
  /** By a trusted proxy or an OpenID issuer: Headwind writes for them, after asking whether they may. */
  | { kind: "vouched"; allowed(attributes: ResourceAttributes): Promise<boolean> } & Subject
  /** By nothing, and only where `HEADWIND_APPROVALS=open` asks for no proof. */
  | { kind: "anonymous" };

/** Somebody who has proven who they are. */
export type ProvenCaller = Exclude<Caller, { kind: "anonymous" }>;

export interface Callers {
  /** Whether a call without any proof is let through. */
  open: boolean;
  /** Names that the API is reached by, besides those of the cluster's own. */
  hosts: readonly string[];
  /**
   * @throws {BadRequest} 401 where the call proves nothing and has to, or where its proof is none; `Unavailable` where
   * nobody can check it
   */
  resolve(request: Request): Promise<Caller>;
  /**
   * Whoever has this bearer token: of the cluster, or of the OpenID issuer.
   *
   * @throws as `resolve`
   */
  ofToken(token: string): Promise<ProvenCaller>;
  /** Somebody whom who is believed vouches for. */
  vouch(subject: Subject): ProvenCaller;
  /** What the API server says of Headwind's own rights, with which it writes for those whom somebody vouches for. */
  itself(right: Right): Promise<boolean>;
}

export interface CallersOptions extends Pick<Callers, "open">, Partial<Pick<Callers, "hosts">> {
  holderOf(token: string): Promise<TokenHolder>;
  /** Checks the tokens of one OpenID issuer. */
  oidc?: { issuer: string; verify(token: string): Promise<Subject> } | undefined;
  /** The person that a trusted proxy names. */
  proxied?: ((request: Request) => Promise<Subject | undefined>) | undefined;
  /** What the API server says of a person's rights. */
  mayDo(subject: Subject, attributes: ResourceAttributes): Promise<boolean>;
  /**
   * What it says of Headwind's own rights.
   *
   * @default anything
   */
  itself?(right: Right): Promise<boolean>;
}

/** Looks first at the bearer token, then at what a trusted proxy says. */
export function createCallers(
  { open, hosts = [], holderOf, oidc, proxied, mayDo, itself = async () => true }: CallersOptions,
): Callers {
  const vouch = (subject: Subject): ProvenCaller => ({
    kind: "vouched",
    ...subject,
    allowed: (attributes) => mayDo(subject, attributes),
  });
  async function ofToken(token: string): Promise<ProvenCaller> {
    if (oidc && issuerOf(token) === oidc.issuer) return vouch(await oidc.verify(token));
    return { kind: "token", ...await holderOf(token) };
  }
  return {
    open,
    hosts,
    ofToken,
    vouch,
    itself,
    async resolve(request) {
      const token = bearerToken(request.headers);
      if (token !== undefined) return await ofToken(token);
      const person = await proxied?.(request);
      if (person) return vouch(person);
      if (open) {
        requireKnownHost(request, hosts);
        return { kind: "anonymous" };
      }
      throw new BadRequest(
        "who calls has to be proven, by a bearer token of the cluster for example",
        "Authorization",
        401,
      );
    },
  };
}

/**
 * The name that a change is signed with.
 *
 * @throws {BadRequest} 403 where the body's `field` is not the proven caller
 */
export function signatureOf(caller: Caller, said: string | undefined, field = "approver"): string {
  if (caller.kind === "anonymous") return said ?? "api";
  if (said === undefined || said === caller.user) return caller.user;
  throw new BadRequest(`you are ${caller.user}: nobody signs as another`, field, 403);
}

/** The client that writes for somebody who brought a token of the cluster; of others Headwind's own does. */
export const clientOf = (caller: Caller): KubeClient | undefined => caller.kind === "token" ? caller.client : undefined;

/** Something that is done to an object, or to all of a namespace where no name is given, or of all where no namespace is. */
export type Right = ResourceAttributes;

/** The right on an UpdateRequest, on all of a namespace, or on all. */
export const rightOnRequests = (verb: string, namespace: string, name = ""): Right => ({
  verb,
  group: RESOURCE.group,
  resource: RESOURCE.plural,
  namespace,
  name,
});

/** The API server's word on whether somebody who has proven themselves may do it. */
export async function hasRight(caller: ProvenCaller, right: Right): Promise<boolean> {
  return caller.kind === "token" ? await mayI(caller.client, right) : await caller.allowed(right);
}

/** Throws `BadRequest` 403 where a vouched caller may not do it. Of a token's holder the API server judges when it is done. */
export async function requireRight(caller: Caller, attributes: ResourceAttributes): Promise<void> {
  if (caller.kind === "vouched") await requireProvenRight(caller, attributes);
}

/** @throws {BadRequest} 403 where anybody who has proven themselves may not do it */
export async function requireProvenRight(caller: Caller, attributes: Right): Promise<void> {
  if (caller.kind !== "anonymous" && !await hasRight(caller, attributes)) throw forbidden(caller.user, attributes);
}

/** What somebody is told who lacks a right on an object, or on all of a namespace. */
export function forbidden(user: string, { verb, resource, group, namespace, name }: Right): BadRequest {
  const what = group === "" ? resource : `${resource}.${group}`;
  const which = name ? `${namespace}/${name}` : namespace ? `in namespace ${namespace}` : "in all namespaces";
  return new BadRequest(`${user} may not ${verb} ${what} ${which}`, undefined, 403);
}

/**
 * RFC 6750, section 2.1. Other schemes are left to whoever they are for.
 *
 * @throws {BadRequest} 401 where it is no token
 */
export function bearerToken(headers: Headers): string | undefined {
  const [, token] = /^Bearer +(.*)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (token === undefined || isBearerToken(token)) return token;
  throw new BadRequest("the bearer token is none", "Authorization", 401);
}

/** Whether a text can be a token at all. */
export const isBearerToken = (text: string): boolean => /^[A-Za-z0-9._~+/-]+=*$/.test(text);

/** What a token says of its issuer, unproven; undefined where it is no JWT. */
function issuerOf(token: string): unknown {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(
      new TextDecoder().decode(decodeBase64(payload)),
    );
    return (claims as { iss?: unknown } | null)?.iss;
  } catch {
    return undefined;
  }
}

/** Somebody who brought a token of the cluster. */
export interface TokenHolder {
  /** As the API server calls them. */
  user: string;
  groups: readonly string[];
  /** Asks with their token, so with their rights. What the API server refuses them is a `BadRequest` in its own words. */
  client: KubeClient;
}

/** Asks the API server who holds a token. Rejects with `BadRequest` 401 where it knows nobody by it. */
export function createTokenHolders(connection: KubeConnection, hooks?: KubeClientHooks) {
  return async (token: string): Promise<TokenHolder> => {
    if (!connection.server.startsWith("https:")) {
      throw new BadRequest(
        "Headwind reaches the API server by plain http and passes no tokens on",
        "Authorization",
        401,
      );
    }
    const client = withCallersErrors(createKubeClient(withToken(connection, token), hooks));
    try {
      const { user, groups } = await reviewSelf(client);
      if (user === "") throw new BadRequest("the API server does not say whose token it is", "Authorization", 401);
      return { user, groups, client };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new BadRequest(
        "this cluster cannot tell whose token it is: it takes Kubernetes 1.28",
        "Authorization",
        401,
      );
    }
  };
}

/** A client whose 401 and 403 are the caller's own. */
function withCallersErrors(client: KubeClient): KubeClient {
  const theirs = (error: unknown): never => {
    if (error instanceof KubeError && error.status === 401) {
      throw new BadRequest(`the API server does not take the token: ${error.said}`, "Authorization", 401);
    }
    if (isForbidden(error)) throw new BadRequest(error.said, undefined, 403);
    throw error;
  };
  return {
    request: (...call) => client.request<never>(...call).catch(theirs),
    stream: (...call) => client.stream(...call).catch(theirs),
  };
}

const reserved = "system:";
/** As long as `spec.decision.by` may be. */
const longest = 512;

/**
 * A person that a proxy or an issuer vouches for, as the API server is asked about them. Names that start with `system:` are
 * Kubernetes' own: as a user they are refused (403), as a group left out. Like everybody the API server knows, they are in
 * `system:authenticated`.
 */
export function vouchedSubject(user: string, groups: readonly string[]): Subject {
  if (user.startsWith(reserved)) {
    throw new BadRequest(`${user} is a name of Kubernetes' own, no person's`, undefined, 403);
  }
  if (user.length > longest) throw new BadRequest(`a user's name has at most ${longest} characters`, undefined, 403);
  return { user, groups: [...groups.filter((group) => !group.startsWith(reserved)), "system:authenticated"] };
}

/** Refuses what is said of a namespace that this operator is not for, with 404. `namespaces`: those that it is for; all if empty. */
export function requireServed(namespace: string, namespaces: readonly string[]): void {
  if (namespaces.length === 0 || namespaces.includes(namespace)) return;
  throw new BadRequest(`${namespace} is not among the namespaces of HEADWIND_NAMESPACES`, "namespace", 404);
}
