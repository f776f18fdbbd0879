import type { Hono } from "hono";
import type { Env } from "../app.ts";
import { html } from "../html.ts";
import type { LoginPage } from "./identity.ts";
import type { Sessions } from "./session.ts";

/** The route by which a browser forgets its session. */
export function signOut(app: Hono<Env>, sessions: Pick<Sessions, "end">): void {
  app.post("/logout", (call) => {
    const headers = new Headers({ location: "/logout", "cache-control": "no-store" });
    for (const cookie of sessions.end(call.req.raw.headers)) headers.append("set-cookie", cookie);
    return new Response(null, { status: 303, headers });
  });
}

/** What is shown then. */
export const signedOut = (login: string, more = ""): LoginPage => ({
  title: "You are signed out",
  body: html`
    <p>This browser has forgotten your session.${more && ` ${more}`}</p>
    <p><a href="${login}">Sign in again</a></p>
  `,
});
