import { AlreadyDecided, type Decisions } from "../updates/decisions.ts";
import { approveBody, pendingQuery, place, rejectBody } from "./schemas.ts";
import { BadRequest, errorAnswer, notFound, refusedForGood } from "./errors.ts";
import { byHandRoutes, type ByHandWorkloads } from "./by_hand.ts";
import { bodyOf, checked } from "./checked.ts";
import { type Callers, requireRight, signatureOf } from "./caller.ts";
import { type Decision, type ObjectMeta, RESOURCE, type UpdateRequest } from "../updates/update_request.ts";
import { type Health, healthRoutes } from "./health.ts";
import { Hono } from "hono";
import { openApiDocument } from "./openapi.ts";
import type { Log } from "../plugin.ts";

export interface ApprovalOptions {
  decisions: Decisions;
  workloads: ByHandWorkloads;
  callers: Callers;
  health: Health;
  log: Log;
}

/** The approval API, with Headwind's routes; `/openapi.json` describes it. */
export function approvalApp({ decisions, workloads, callers, health, log }: ApprovalOptions): Hono {
  const app = new Hono();
  app.route("/", healthRoutes(health));
  app.get("/openapi.json", (context) => context.json(openApiDocument(health.version, callers.open)));
  app.get("/api/v1/updates", async (context) => {
    const { namespace } = checked(pendingQuery, context.req.query());
    return context.json((await decisions.pending(namespace || undefined)).map(shown));
  });
  app.get("/api/v1/updates/:namespace/:name", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    return context.json(shown(await decisions.get(namespace, name) ?? unknown(namespace, name)));
  });
  app.post("/api/v1/updates/:namespace/:name/approve", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    return context.json(await decide(context.req.raw, namespace, name, approveBody, { approved: true }));
  });
  app.post("/api/v1/updates/:namespace/:name/reject", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    return context.json(await decide(context.req.raw, namespace, name, rejectBody, { approved: false }));
  });
  app.route("/", byHandRoutes({ workloads, callers, log }));
  app.notFound(notFound);
  app.onError((error, context) => errorAnswer(context, error, log));

  /** Who it is, then what they say, then whether they may. */
  async function decide(
    call: Request,
    namespace: string,
    name: string,
    schema: typeof approveBody | typeof rejectBody,
    { approved }: Pick<Decision, "approved">,
  ) {
    const caller = await callers.resolve(call);
    const { approver, ...rest } = await bodyOf(call, schema);
    const by = signatureOf(caller, approver);
    const decision: Decision = { approved, by, via: "api", ...rest };
    const line = log.with({ updateRequest: `${namespace}/${name}`, by, proof: caller.kind });
    try {
      await requireRight(caller, {
        verb: "approve",
        group: RESOURCE.group,
        resource: RESOURCE.plural,
        namespace,
        name,
      });
      const writer = caller.kind === "token" ? caller.client : undefined;
      const request = await decisions.decide(namespace, name, decision, writer) ?? unknown(namespace, name);
      line.info(`update ${approved ? "approved" : "rejected"}`, { via: decision.via });
      return shown(request);
    } catch (error) {
      const refusal = refusalOf(error, `${namespace}/${name}`);
      if (refusal instanceof BadRequest && refusal.status === 403) {
        line.warn("a decision is refused", { error: refusal });
      }
      throw refusal;
    }
  }
  return app;
}

function refusalOf(error: unknown, key: string): unknown {
  if (error instanceof AlreadyDecided) return new BadRequest(`${key}: ${error.message}`, undefined, 409);
  return refusedForGood(error);
}

/** As it is stored, without the managed fields: a kilobyte that nobody reads in an answer. */
function shown(request: UpdateRequest): UpdateRequest {
  const { managedFields: _, ...metadata } = request.metadata as ObjectMeta & { managedFields?: unknown };
  return { ...request, metadata };
}

function unknown(namespace: string, name: string): never {
  throw new BadRequest(`there is no UpdateRequest ${namespace}/${name}`, undefined, 404);
}
