import type * as z from "zod";
import { AlreadyDecided, type Decisions } from "../updates/decisions.ts";
import { approveBody, pendingQuery, place, rejectBody } from "./schemas.ts";
import { BadRequest, errorAnswer, notFound } from "./errors.ts";
import { type Health, healthRoutes } from "./health.ts";
import { Hono } from "hono";
import { openApiDocument } from "./openapi.ts";
import { parseJson, readBody } from "./body.ts";
import type { Decision } from "../updates/update_request.ts";
import type { Log } from "../plugin.ts";

export interface ApprovalOptions {
  decisions: Decisions;
  health: Health;
  log: Log;
}

/** The approval API, with Headwind's routes; `/openapi.json` describes it. */
export function approvalApp({ decisions, health, log }: ApprovalOptions): Hono {
  const app = new Hono();
  app.route("/", healthRoutes(health));
  app.get("/openapi.json", (context) => context.json(openApiDocument(health.version)));
  app.get("/api/v1/updates", async (context) => {
    const { namespace } = checked(pendingQuery, context.req.query());
    return context.json(await decisions.pending(namespace || undefined));
  });
  app.get("/api/v1/updates/:namespace/:name", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    return context.json(await decisions.get(namespace, name) ?? unknown(namespace, name));
  });
  app.post("/api/v1/updates/:namespace/:name/approve", async (context) => {
    const { approver } = await bodyOf(context.req.raw, approveBody);
    const { namespace, name } = checked(place, context.req.param());
    return context.json(await decide(namespace, name, { approved: true, by: approver, via: "api" }));
  });
  app.post("/api/v1/updates/:namespace/:name/reject", async (context) => {
    const { approver, reason } = await bodyOf(context.req.raw, rejectBody);
    const { namespace, name } = checked(place, context.req.param());
    const decision = { approved: false, by: approver, via: "api", ...(reason === undefined ? {} : { reason }) };
    return context.json(await decide(namespace, name, decision));
  });
  app.notFound(notFound);
  app.onError((error, context) => errorAnswer(context, error, log));

  async function decide(namespace: string, name: string, decision: Decision) {
    try {
      const request = await decisions.decide(namespace, name, decision) ?? unknown(namespace, name);
      const verb = decision.approved ? "approved" : "rejected";
      log.info(`update ${verb}`, { updateRequest: `${namespace}/${name}`, by: decision.by, via: decision.via });
      return request;
    } catch (error) {
      if (error instanceof AlreadyDecided) {
        throw new BadRequest(`${namespace}/${name}: ${error.message}`, undefined, 409);
      }
      throw error;
    }
  }
  return app;
}

function unknown(namespace: string, name: string): never {
  throw new BadRequest(`there is no UpdateRequest ${namespace}/${name}`, undefined, 404);
}

/** An empty body is an empty object. */
async function bodyOf<T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> {
  const body = await readBody(request);
  return checked(schema, body.length === 0 ? {} : parseJson(body));
}

/** Throws `BadRequest` naming the field. */
function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BadRequest(issue!.message, issue!.path.join(".") || "body");
}
