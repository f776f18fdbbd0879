import type { Fetch } from "../runtime/fetch.ts";
import { RegistryError } from "./registry_error.ts";

export interface FetchRequest {
  /** What the errors are about, as `RegistryError.host` has it. */
  registry: string;
  method: "GET" | "HEAD" | "POST";
  url: string;
  /** An `Authorization` header in it is for the origin of `url`. */
  headers: Record<string, string>;
  /** `Authorization` headers for origins that redirects may lead to, by origin. */
  elsewhere?: ReadonlyMap<string, string>;
  body?: URLSearchParams;
}

export interface RedirectRules {
  fetch: Fetch;
  /** Whether a redirect may lead to plain http on this host. One from https never may. */
  mayBePlain(host: string, carriesLogin: boolean): boolean;
  /** Whether the login goes along to another origin. */
  passLogin?: boolean;
  signal: AbortSignal;
}

export interface FetchResponse {
  /** Its body is not read yet. */
  response: Response;
  /** Who answered: where the redirects ended. */
  url: URL;
}

const REDIRECTS = 5;
const REDIRECTING = new Set([301, 302, 303, 307, 308]);

/**
 * Asks, and follows redirects by hand: a login is for the origin it was meant for, also where a way leads away and
 * back, and https never becomes plain http.
 *
 * @throws {RegistryError} (garbage, insecure) for a redirect that is not followed, and what `fetch` throws
 */
export async function followRedirects(
  { registry, method, body, elsewhere, ...asked }: FetchRequest,
  rules: RedirectRules,
): Promise<FetchResponse> {
  const { fetch, mayBePlain, passLogin = false, signal } = rules;
  const garbage = (what: string) => new RegistryError("garbage", registry, `${what}.`);
  const headers = { ...asked.headers };
  const start = new URL(asked.url);
  let url = start;
  for (let hops = 0;; hops++) {
    const response = await fetch(url.href, { method, headers, redirect: "manual", signal, ...(body ? { body } : {}) });
    const location = response.headers.get("location");
    if (!REDIRECTING.has(response.status) || location === null) return { response, url };
    await response.body?.cancel();
    if (hops === REDIRECTS) throw garbage(`${start.host} redirects more than ${REDIRECTS} times`);
    if (body) throw garbage(`${start.host} redirects a login`);
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (!next || !/^https?:$/.test(next.protocol) || next.username !== "" || next.password !== "") {
      throw garbage(`${url.host} redirects to what is no plain web address`);
    }
    if (next.origin !== url.origin) {
      if (!passLogin) delete headers.authorization;
      const login = elsewhere?.get(next.origin);
      if (login !== undefined) headers.authorization = login;
    }
    const fromTls = url.protocol === "https:";
    if (next.protocol === "http:" && (fromTls || !mayBePlain(next.host, headers.authorization !== undefined))) {
      throw new RegistryError("insecure", registry, `${url.host} redirects to plain http on ${next.host}.`);
    }
    url = next;
  }
}
