import type { Identity } from "./identity.ts";
import { loginFor, pageOf } from "./next.ts";

/** Where the live streams are. */
const STREAMS = /^\/live(?:\/|$)/;

/**
 * What is answered to whom nobody knows, where one can sign in: a page leads there and back, a part of a page has its page led there
 * (`HX-Redirect`), and a stream is told so and no more, since one that is led to a page is asked again and again. Undefined where the
 * error itself is to be shown: to who showed a token that is none, and where nobody signs in.
 */
export function answerToUnknown(request: Request, { login }: Identity, error: Error): Response | undefined {
  const { headers, method } = request;
  const url = new URL(request.url);
  if (STREAMS.test(url.pathname) || headers.get("accept")?.includes("text/event-stream")) {
    return new Response(`${error.message}\n`, { status: 401, headers: { "cache-control": "no-store" } });
  }
  if (!login || headers.has("authorization")) return undefined;
  const answer = headers.has("hx-request")
    ? new Response(null, { status: 401, headers: { "hx-redirect": loginFor(pageOf(headers.get("hx-current-url"))) } })
    : new Response(null, {
      status: 303,
      headers: { location: loginFor(method === "POST" ? pageOf(headers.get("referer")) : url.pathname + url.search) },
    });
  answer.headers.set("cache-control", "no-store");
  for (const cookie of login.forget(headers)) answer.headers.append("set-cookie", cookie);
  return answer;
}
