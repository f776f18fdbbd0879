import type { Context, Env, Hono } from "hono";
import * as z from "zod";
import { notFound } from "./http_errors.ts";
import { readJsonBody, validate } from "./request_body.ts";

/** What a route answers by one status: a sentence where it is an error, whose body is `{error, field?}`. */
export type Answer = string | {
  description: string;
  /** Absent where it is no JSON. */
  body?: z.ZodType;
  /** Headers that are part of the answer. */
  headers?: readonly string[];
};

/** A call of a route. */
export interface Call<P, Q, B> {
  context: Context;
  request: Request;
  params: P;
  /** @throws {BadRequest} naming the parameter: when it is asked, so that who calls can come first */
  query(): Q;
  /** @throws {BadRequest} naming the field, as `query` */
  body(): Promise<B>;
}

export interface Route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
> {
  method: "GET" | "POST";
  /** As OpenAPI writes it: `/api/v1/updates/{namespace}/{name}`. */
  path: string;
  /** What generated clients call it. */
  operationId?: string;
  summary: string;
  /** What a caller has to prove that they may do; absent where anybody may. */
  access?: "read" | "write";
  /** What the path names. */
  params?: P;
  query?: Q;
  body?: B;
  /**
   * Whether an empty body is wrong.
   *
   * @default false
   */
  bodyRequired?: boolean;
  /** By status, besides those that all routes of its `access` have. */
  answers: Readonly<Record<number, Answer>>;
  handler(call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>): Response | Promise<Response>;
}

/**
 * One route: what it takes is checked by the schemas that its document shows.
 *
 * @example
 * route({
 *   method: "GET",
 *   path: "/api/v1/updates/{namespace}/{name}",
 *   summary: "One update",
 *   access: "read",
 *   params: place,
 *   answers: { 200: { description: "The UpdateRequest", body: updateRequestBody }, 404: "There is none of that name" },
 *   handler: ({ context, params }) => context.json(read(params)),
 * })
 */
export const route = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  definition: Route<P, Q, B>,
): Route => definition;

const NOTHING = z.object({});

/** Registers routes on an app. */
export function addRoutes<E extends Env>(app: Hono<E>, routes: readonly Route[]): void {
  for (const { method, path, params = NOTHING, query = NOTHING, body = NOTHING, handler } of routes) {
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ":$1"), (context) =>
      handler({
        context,
        request: context.req.raw,
        params: validate(params, context.req.param()),
        query: () => validate(query, context.req.query()),
        body: () => readJsonBody(context.req.raw, body),
      }));
  }
}

/** For what none of these routes answers: 405 with those methods that its path has, else 404. */
export function noSuchRoute(routes: readonly Pick<Route, "method" | "path">[]): (context: Context) => Response {
  return (context) => {
    const ofPath = routes.filter(({ path }) => isOfPath(context.req.path, path));
    if (ofPath.length === 0) return notFound(context);
    const methods = new Set<string>(ofPath.map(({ method }) => method));
    if (methods.has("GET")) methods.add("HEAD");
    const allowed = [...methods].join(", ");
    return context.json({ error: `${allowed} is wanted` }, 405, { Allow: allowed });
  };
}

/** Whether a call's path is one that a route's path stands for. */
function isOfPath(called: string, path: string): boolean {
  const [given, wanted] = [called.split("/"), path.split("/")];
  return given.length === wanted.length &&
    wanted.every((part, index) => part.startsWith("{") ? given[index] !== "" : part === given[index]);
}
