import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isForbidden, KubeError } from "../kube/kube_error.ts";
import type { Log } from "../plugin.ts";
import { TooManyRequests, Unavailable } from "../lib/retryable.ts";

/** What a caller did wrong. Servers answer `status` and a JSON body `{error, field?}`. */
export class BadRequest extends Error {
  override name = "BadRequest";
  readonly status: ContentfulStatusCode;
  readonly field: string | undefined;
  constructor(message: string, field?: string, status: ContentfulStatusCode = 400, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.field = field;
    this.status = status;
  }
}

/** Not for want of rights, but for what is written. */
const deniedByAdmission = / denied (the )?request/;

/** What the API server refuses of Headwind and will not take later either, as what the caller did wrong; else the error. */
export function refusalByAdmission(error: unknown): unknown {
  if (isForbidden(error) && deniedByAdmission.test(error.said)) {
    const way = error.said.includes("the verb approve") ? " (deploy/components/vouched-approvals gives it)" : "";
    return new BadRequest(`the API server refuses it of Headwind: ${error.said}${way}`, undefined, 403);
  }
  return error;
}

/** The answer to anything thrown: what the caller did wrong, 503 and Retry-After for what passes, else 500 without details. */
export function errorAnswer(context: Context, error: Error, log: Log): Response {
  if (error instanceof BadRequest) {
    const body = { error: error.message, ...(error.field === undefined ? {} : { field: error.field }) };
    if (error.status === 401) context.header("WWW-Authenticate", 'Bearer realm="headwind"');
    return context.json(body, error.status);
  }
  if (error instanceof TooManyRequests) return retryLater(context, error.message, error.retryAfterSeconds, 429);
  if (error instanceof Unavailable) return retryLater(context, error.message, error.retryAfterSeconds);
  if (error instanceof KubeError && (error.retryable || isForbidden(error))) {
    log.warn("the API server cannot be used", { path: context.req.path, error });
    return retryLater(context, "the API server cannot be used now", error.retryAfterSeconds ?? 5);
  }
  log.error("a request failed", { path: context.req.path, error });
  return context.json({ error: "internal error; the operator's log has it" }, 500);
}

export function retryLater(context: Context, message: string, seconds: number, status: 429 | 503 = 503): Response {
  context.header("Retry-After", String(Math.max(1, Math.ceil(seconds))));
  return context.json({ error: message }, status);
}

/** For unknown routes. */
export const notFound = (context: Context): Response => context.json({ error: `there is no ${context.req.path}` }, 404);
