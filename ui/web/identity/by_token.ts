import {
  BadRequest,
  bearerToken,
  believedOf,
  createSessionKeys,
  type DashboardContext,
  isBearerToken,
} from "../../../core/web.ts";
import { createCookieJar, TooLarge } from "./cookies.ts";
import { createLoginLimits } from "./login_limits.ts";
import { createPeople, type Known } from "./person.ts";
import { createSessions } from "./session.ts";
import { html } from "../html.ts";
import type { Identity, LoginPage, ShowLogin } from "./identity.ts";
import { readForm } from "../form.ts";
import { safeNext } from "./next.ts";
import { signedOut, signOut } from "./sign_out.ts";

/** Bytes of the form in which a token is pasted. */
const FORM_LIMIT = 32 * 1024;

/**
 * A token of the cluster says who asks: that of `Authorization: Bearer`, or one that was pasted on the page where one signs in. It is
 * kept in the session, so that what they do is done with it, and the API server judges.
 */
export async function byToken(context: DashboardContext): Promise<Identity> {
  const { config, callers, log, now } = context;
  const insecure = config.HEADWIND_UI_INSECURE_COOKIES;
  const sessions = createSessions({
    jar: createCookieJar({ name: "headwind", insecure }),
    keys: await createSessionKeys({ file: config.HEADWIND_UI_SESSION_KEYS_FILE, log }),
    audience: "token",
    now,
  });
  const believed = believedOf(callers);
  const personOf = createPeople(context);
  const limits = createLoginLimits(config);

  async function known(token: string): Promise<Known> {
    return { caller: await believed.ofToken(token), proof: "token" };
  }

  async function signIn(request: Request, address: string | undefined, show: ShowLogin): Promise<Response> {
    const form = await readForm(request, FORM_LIMIT);
    const next = safeNext(form.get("next"));
    const wait = limits.take(request, address);
    if (wait > 0) {
      const seconds = Math.ceil(wait);
      return show(request, {
        ...page(next, `Too many tried to sign in: try again in ${seconds} s.`, 429),
        retryAfter: seconds,
      });
    }
    // as it comes from a terminal: with a line break, or the header's first word
    const token = (form.get("token") ?? "").replace(/^\s*Bearer\s+/i, "").replaceAll(/\s/g, "");
    if (token === "") return show(request, page(next, "Paste a token first.", 400));
    if (!isBearerToken(token)) return show(request, page(next, "This is no token.", 400));
    try {
      await known(token);
      const cookies = await sessions.begin({ token }, request.headers, expiryOf(token));
      const headers = new Headers({ location: next, "cache-control": "no-store" });
      for (const cookie of cookies) headers.append("set-cookie", cookie);
      return new Response(null, { status: 303, headers });
    } catch (error) {
      if (error instanceof TooLarge) {
        return show(request, page(next, "The token is longer than a session can hold.", 400));
      }
      if (error instanceof BadRequest) return show(request, page(next, `${sentence(error.message)}.`, 401));
      throw error;
    }
  }

  return {
    async identify(request) {
      const { headers } = request;
      const shown = bearerToken(headers);
      if (shown !== undefined) return { person: await personOf(await known(shown)) };
      const session = await sessions.read(headers);
      if (!session || !("token" in session.holder)) {
        throw new BadRequest("sign in, or show a token of the cluster", "Authorization", 401);
      }
      const person = await personOf({ ...await known(session.holder.token), isSignedIn: true });
      return { person, cookies: await sessions.goOn(session, headers) };
    },
    login: {
      forget: (headers) => sessions.end(headers),
      routes(app, show) {
        app.get("/login", (call) => show(call.req.raw, page(safeNext(call.req.query("next")))));
        app.post("/login", (call) => signIn(call.req.raw, call.env.from.address, show));
        signOut(app, sessions);
        app.get("/logout", (call) => show(call.req.raw, signedOut("/login")));
      },
    },
  };
}

/** By its own word, which the API server has looked at; undefined where it is no JWT. */
function expiryOf(token: string): number | undefined {
  try {
    const payload = JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))) as {
      exp?: unknown;
    };
    return typeof payload.exp === "number" ? payload.exp : undefined;
  } catch {
    return undefined;
  }
}

const sentence = (message: string) => message.charAt(0).toUpperCase() + message.slice(1);

const page = (next: string, problem?: string, status: LoginPage["status"] = 200): LoginPage => ({
  title: "Sign in",
  status,
  body: html`
    ${problem === undefined ? "" : html`<p class="problem" role="alert">${problem}</p>`}
    <form method="post" action="/login" class="login">
      <input type="hidden" name="next" value="${next}">
      <p>
        <label for="token">Token of the cluster</label>
        <input id="token" name="token" type="password" required autocomplete="off" spellcheck="false"
          aria-describedby="token-help">
      </p>
      <p id="token-help">
        What you do here is done with this token, and with its rights. One that is good for some hours:
        <code>kubectl create token NAME --duration=8h</code>
      </p>
      <p><button type="submit" class="primary">Sign in</button></p>
    </form>
  `,
});
