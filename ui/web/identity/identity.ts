import type { Hono } from "hono";
import type { DashboardContext, Peer } from "../../../core/web.ts";
import type { Env } from "../app.ts";
import type { Html } from "../html.ts";
import type { Person } from "./person.ts";

/** Who asks, as far as it is known. */
export interface Identified {
  person: Person;
  /** `Set-Cookie` headers that the answer takes along. */
  cookies?: readonly string[];
}

/** One way to know who looks at the dashboard. */
export interface Identity {
  /** @throws {BadRequest} 401 in words where it is not known; {Unavailable} while nobody can tell */
  identify(request: Request, from: Peer): Promise<Identified>;
  /** What stands on each page, where something about the way has to be known. */
  warning?: Html;
  /** Where people sign in; absent where nobody can. */
  login?: Login;
}

/** Signing in and out. */
export interface Login {
  /** Adds its routes. */
  routes(app: Hono<Env>, shown: ShowLogin): void;
  /** `Set-Cookie` headers by which a browser forgets a session that does not count any more. */
  forget(headers: Headers): string[];
}

/** What stands on the page where one signs in. */
export interface LoginPage {
  title: string;
  body: Html;
  status?: 200 | 400 | 401 | 403 | 429 | 502 | 503;
  /** Seconds after which to come back. */
  retryAfter?: number;
  cookies?: readonly string[];
}

export type ShowLogin = (request: Request, page: LoginPage) => Promise<Response>;

/** The way that `HEADWIND_UI_AUTH_MODE` says. What is for one way alone is loaded for it alone. */
export async function createIdentity(context: DashboardContext): Promise<Identity> {
  switch (context.config.HEADWIND_UI_AUTH_MODE) {
    case "simple":
    case "proxy":
      return (await import("./by_header.ts")).byHeader(context);
    case "token":
      return await (await import("./by_token.ts")).byToken(context);
    case "oidc":
      return await (await import("./by_oidc.ts")).byOidc(context);
    case "none":
      return (await import("./by_nothing.ts")).byNothing(context);
  }
}
