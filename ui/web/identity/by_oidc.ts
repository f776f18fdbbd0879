import * as z from "zod";
import {
  BadRequest,
  createSessionKeys,
  type DashboardContext,
  isRetryable,
  subjectOfClaims,
  vouchedSubject,
} from "../../../core/web.ts";
import { createCookieJar, TooLarge } from "./cookies.ts";
import { CALLBACK, createOpenidClient, type Flow, NotSignedIn } from "./openid_client.ts";
import { createLoginLimits } from "./login_limits.ts";
import { createPeople } from "./person.ts";
import { createSeal } from "./seal.ts";
import { createSessions } from "./session.ts";
import { groupsThatMatter } from "./groups.ts";
import { html } from "../html.ts";
import type { Identity, LoginPage, ShowLogin } from "./identity.ts";
import { loginFor, safeNext } from "./next.ts";
import { signedOut, signOut } from "./sign_out.ts";

/** How long one may take to sign in at the issuer. */
const FLOW_SECONDS = 600;
/** Of one browser: a tab each. */
const MOST_FLOWS = 4;
/** Of where they go on; together they stay small enough for a cookie. */
const LONGEST_NEXT = 500;

const flows = z.array(z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() }));
type Flows = z.infer<typeof flows>;

/**
 * People sign in at `HEADWIND_OIDC_ISSUER`. Their session holds their name and their groups, and nothing of the issuer's tokens; Headwind
 * acts for them, once the API server has said that they may.
 */
export async function byOidc(context: DashboardContext): Promise<Identity> {
  const { config, callers, log, now } = context;
  const insecure = config.HEADWIND_UI_INSECURE_COOKIES;
  const keys = await createSessionKeys({ file: config.HEADWIND_UI_SESSION_KEYS_FILE, log });
  const audience = `oidc ${config.HEADWIND_OIDC_ISSUER} ${config.HEADWIND_UI_OIDC_CLIENT_ID}`;
  const sessions = createSessions({ jar: createCookieJar({ name: "headwind", insecure }), keys, audience, now });
  const begun = createCookieJar({ name: "headwind-login", insecure, maxAge: FLOW_SECONDS, pieces: 2 });
  const seal = createSeal({ keys, audience: `signing in, ${audience}`, now });
  const client = createOpenidClient(context);
  const limits = createLoginLimits(config);
  const personOf = createPeople(context);
  const matters = groupsThatMatter(config.HEADWIND_UI_OIDC_GROUPS);
  const issuer = new URL(config.HEADWIND_OIDC_ISSUER!).host;
  const names = {
    usernameClaim: config.HEADWIND_OIDC_USERNAME_CLAIM,
    groupsClaim: config.HEADWIND_OIDC_GROUPS_CLAIM,
    prefix: config.HEADWIND_OIDC_PREFIX,
  };

  async function flowsOf(headers: Headers): Promise<Flows> {
    const sealed = begun.read(headers);
    const opened = sealed === undefined ? undefined : await seal.open(sealed);
    return flows.safeParse(opened?.flows).data ?? [];
  }

  async function start(request: Request, next: string): Promise<Response> {
    const { address, flow } = await client.begin();
    const own = { ...flow, next: next.length > LONGEST_NEXT ? "/" : next };
    const all = [...await flowsOf(request.headers), own].slice(-MOST_FLOWS);
    const sealed = await seal.close({ flows: all }, Math.floor(now().getTime() / 1000) + FLOW_SECONDS);
    return led(address, begun.set(sealed, request.headers));
  }

  async function finish(request: Request, said: URLSearchParams, { next, ...flow }: Flow & { next: string }) {
    const claims = await client.end(said, flow);
    const groups = claims[names.groupsClaim];
    const subject = subjectOfClaims({ ...claims, [names.groupsClaim]: matters(groups) }, names);
    const cookies = await sessions.begin(subject, request.headers);
    return led(next, [...cookies, ...begun.clear(request.headers)]);
  }

  async function comeBack(request: Request, show: ShowLogin): Promise<Response> {
    const said = new URL(request.url).searchParams;
    const flow = (await flowsOf(request.headers)).find(({ state }) => state === said.get("state"));
    if (!flow) {
      return show(
        request,
        failed("/", 400, "You came back from signing in that did not begin in this browser, or too long ago."),
      );
    }
    const cookies = begun.clear(request.headers);
    try {
      return await finish(request, said, flow);
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof NotSignedIn) {
        log.warn("signing in failed", { issuer, error });
        return show(request, { ...failed(flow.next, 401, `${issuer} did not sign you in: ${message}.`), cookies });
      }
      if (error instanceof TooLarge) {
        const which = "HEADWIND_UI_OIDC_GROUPS says which of them matter";
        return show(request, {
          ...failed(flow.next, 403, `You are in more groups than a session can hold: ${which}.`),
          cookies,
        });
      }
      if (error instanceof BadRequest) {
        const status = error.status === 403 ? 403 : 401;
        return show(request, { ...failed(flow.next, status, `${issuer} signed you in, but ${message}.`), cookies });
      }
      if (isRetryable(error)) {
        return show(request, { ...failed(flow.next, 503, `${message}.`), retryAfter: 10, cookies });
      }
      throw error;
    }
  }

  async function limited(request: Request, address: string | undefined, show: ShowLogin, act: () => Promise<Response>) {
    const seconds = Math.ceil(limits.take(request, address));
    if (seconds === 0) return await act();
    const text = `Too many tried to sign in: try again in ${seconds} s.`;
    return await show(request, { ...failed("/", 429, text), retryAfter: seconds });
  }

  return {
    async identify({ headers }) {
      const session = await sessions.read(headers);
      if (!session || !("user" in session.holder)) throw new BadRequest("sign in first", undefined, 401);
      const { user, groups } = session.holder;
      const caller = callers.vouch(vouchedSubject(user, groups));
      const person = await personOf({ caller, proof: "oidc", isSignedIn: true });
      return { person, cookies: await sessions.goOn(session, headers) };
    },
    login: {
      forget: (headers) => sessions.end(headers),
      routes(app, show) {
        app.get("/login", (call) => show(call.req.raw, page(safeNext(call.req.query("next")), issuer)));
        app.get(
          "/login/start",
          (call) =>
            limited(
              call.req.raw,
              call.env.from.address,
              show,
              () => start(call.req.raw, safeNext(call.req.query("next"))),
            ),
        );
        app.get(
          CALLBACK,
          (call) => limited(call.req.raw, call.env.from.address, show, () => comeBack(call.req.raw, show)),
        );
        signOut(app, sessions);
        app.get("/logout", (call) => show(call.req.raw, signedOut("/login", `${issuer} may know you still.`)));
      },
    },
  };
}

function led(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

const startFor = (next: string) => loginFor(next).replace("/login", "/login/start");

/** A link and no form: the policy of the pages lets forms lead nowhere else. */
const page = (next: string, issuer: string): LoginPage => ({
  title: "Sign in",
  body: html`
    <p>Headwind asks <strong>${issuer}</strong> who you are.</p>
    <p><a class="button primary" href="${startFor(next)}">Sign in at ${issuer}</a></p>
  `,
});

const failed = (next: string, status: LoginPage["status"], problem: string): LoginPage => ({
  title: "You are not signed in",
  status,
  body: html`
    <p class="problem" role="alert">${problem}</p>
    <p><a class="button primary" href="${startFor(next)}">Try again</a></p>
  `,
});
