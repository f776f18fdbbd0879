import { mayI, type ResourceAttributes, type Subject } from "../kube/access.ts";
import { BadRequest } from "./errors.ts";
import { requireKnownHost } from "./own_site.ts";
import type { TokenHolder } from "./kube_token.ts";

/** Who calls, as far as it is proven. */
export type Caller =
  /** By a token of the cluster: what they want is written with `client`, so the API server itself says whether they may. */
  | { kind: "token" } & TokenHolder
  /** By a trusted proxy or an OpenID issuer: Headwind writes for them, after asking whether they may. */
  | { kind: "vouched"; allowed(attributes: ResourceAttributes): Promise<boolean> } & Subject
  /** By nothing, and only where `HEADWIND_APPROVALS=open` asks for no proof. */
  | { kind: "anonymous" };

export interface Callers {
  /** Whether a call without any proof is let through. */
  open: boolean;
  /** Names that the API is reached by, besides those of the cluster's own. */
  hosts: readonly string[];
  /** Throws `BadRequest` 401 where the call proves nothing and has to, or where its proof is none; `Unavailable` where nobody can check it. */
  resolve(request: Request): Promise<Caller>;
}

export interface CallersOptions extends Pick<Callers, "open">, Partial<Pick<Callers, "hosts">> {
  holderOf(token: string): Promise<TokenHolder>;
  /** Checks the tokens of one OpenID issuer. */
  oidc?: { issuer: string; verify(token: string): Promise<Subject> } | undefined;
  /** The person that a trusted proxy names. */
  proxied?: ((request: Request) => Promise<Subject | undefined>) | undefined;
  /** What the API server says of a person's rights. */
  mayDo(subject: Subject, attributes: ResourceAttributes): Promise<boolean>;
}

/** Looks first at the bearer token, then at what a trusted proxy says. */
export function createCallers({ open, hosts = [], holderOf, oidc, proxied, mayDo }: CallersOptions): Callers {
  const vouched = (subject: Subject): Caller => ({
    kind: "vouched",
    ...subject,
    allowed: (attributes) => mayDo(subject, attributes),
  });
  return {
    open,
    hosts,
    async resolve(request) {
      const token = bearerToken(request.headers);
      if (token !== undefined) {
        if (oidc && issuerOf(token) === oidc.issuer) return vouched(await oidc.verify(token));
        return { kind: "token", ...await holderOf(token) };
      }
      const person = await proxied?.(request);
      if (person) return vouched(person);
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

/** The name that a change is signed with. Throws `BadRequest` 403 where the body's `field` is not the proven caller. */
export function signatureOf(caller: Caller, said: string | undefined, field = "approver"): string {
  if (caller.kind === "anonymous") return said ?? "api";
  if (said === undefined || said === caller.user) return caller.user;
  throw new BadRequest(`you are ${caller.user}: nobody signs as another`, field, 403);
}

/** Something that is done to an object, or to all of a namespace where no name is given, or of all where no namespace is. */
export type Right = ResourceAttributes;

/** The API server's word on whether somebody who has proven themselves may do it. */
export async function mayDoIt(caller: Exclude<Caller, { kind: "anonymous" }>, right: Right): Promise<boolean> {
  return caller.kind === "token" ? await mayI(caller.client, right) : await caller.allowed(right);
}

/** Throws `BadRequest` 403 where a vouched caller may not do it. Of a token's holder the API server judges when it is done. */
export async function requireRight(caller: Caller, attributes: ResourceAttributes): Promise<void> {
  if (caller.kind === "vouched") await requireProvenRight(caller, attributes);
}

/** Throws `BadRequest` 403 where anybody who has proven themselves may not do it. */
export async function requireProvenRight(caller: Caller, attributes: Right): Promise<void> {
  if (caller.kind !== "anonymous" && !await mayDoIt(caller, attributes)) throw lacks(caller.user, attributes);
}

/** What somebody is told who lacks a right on an object, or on all of a namespace. */
export function lacks(user: string, { verb, resource, group, namespace, name }: Right): BadRequest {
  const what = group === "" ? resource : `${resource}.${group}`;
  const which = name ? `${namespace}/${name}` : namespace ? `in namespace ${namespace}` : "in all namespaces";
  return new BadRequest(`${user} may not ${verb} ${what} ${which}`, undefined, 403);
}

/** RFC 6750, section 2.1. Other schemes are left to whoever they are for. */
function bearerToken(headers: Headers): string | undefined {
  const [, token] = /^Bearer +(.*)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (token === undefined || /^[A-Za-z0-9._~+/-]+=*$/.test(token)) return token;
  throw new BadRequest("the bearer token is none", "Authorization", 401);
}

/** What a token says of its issuer, unproven; undefined where it is no JWT. */
function issuerOf(token: string): unknown {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const claims: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0))),
    );
    return (claims as { iss?: unknown } | null)?.iss;
  } catch {
    return undefined;
  }
}
