import { AlreadyDecided, type Decisions } from "../requests/store.ts";
import { approveBody, pendingQuery, place, rejectBody } from "./schemas.ts";
import { containersOf } from "../requests/containers.ts";
import { createReaders, filterReadable, readRight } from "./readers.ts";
import { BadRequest, errorAnswer, methodNotAllowed, refusalByAdmission } from "./http_errors.ts";
import { byHandRoutes, type ByHandWorkloads } from "./change_routes.ts";
import { bodyOf, checked } from "./request_body.ts";
import { type Callers, requireRight, requireServed, signatureOf } from "./callers.ts";
import { type Decision, isByHand, type ObjectMeta, RESOURCE, type UpdateRequest } from "../requests/update_request.ts";
import { type Health, healthRoutes } from "./health_routes.ts";
import { Hono } from "hono";
import { openApiDocument } from "./openapi.ts";
import type { Log } from "../plugin.ts";
import { requireSameSite } from "./same_site.ts";
import { requestKey, type UpdateReads } from "../requests/cache.ts";

export interface ApprovalOptions {
  decisions: Decisions;
  reads: UpdateReads;
  workloads: ByHandWorkloads;
  callers: Callers;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  health: Health;
  log: Log;
}

/** The approval API, with Headwind's routes; `/openapi.json` describes it. */
export function approvalApp(options: ApprovalOptions): Hono {
  const { decisions, reads, workloads, callers, namespaces, health, log } = options;
  const readerOf = createReaders(callers);
  const app = new Hono();
  app.route("/", healthRoutes(health));
  app.get("/openapi.json", (context) => context.json(openApiDocument(health.version, callers.open)));
  app.use("/api/v1/*", async ({ req }, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") requireSameSite(req.raw, callers.hosts);
    await next();
  });
  app.get("/api/v1/updates", async (context) => {
    const { namespace = "", limit, continue: after = "" } = checked(pendingQuery, context.req.query());
    const reader = await readerOf(context.req.raw);
    if (namespace !== "") {
      requireServed(namespace, namespaces);
      await reader.require(readRight(namespace));
    }
    const waiting = reads.pending(namespace || undefined).filter((request) => requestKey(request) > after);
    const all = namespace === "" ? await filterReadable(waiting, reader) : waiting;
    const page = all.slice(0, limit);
    if (page.length < all.length) {
      const query = new URLSearchParams({ ...(namespace ? { namespace } : {}), limit: String(limit) });
      query.set("continue", requestKey(page.at(-1)!));
      context.header("Link", `</api/v1/updates?${query}>; rel="next"`);
    }
    return context.json(page.map(shown));
  });
  app.get("/api/v1/updates/:namespace/:name", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    const reader = await readerOf(context.req.raw);
    requireServed(namespace, namespaces);
    await reader.require(readRight(namespace, name));
    return context.json(shown(reads.get(namespace, name) ?? unknown(namespace, name)));
  });
  app.post("/api/v1/updates/:namespace/:name/approve", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    return context.json(await decide(context.req.raw, namespace, name, approveBody, { approved: true }));
  });
  app.post("/api/v1/updates/:namespace/:name/reject", async (context) => {
    const { namespace, name } = checked(place, context.req.param());
    return context.json(await decide(context.req.raw, namespace, name, rejectBody, { approved: false }));
  });
  app.route("/", byHandRoutes({ workloads, callers, readerOf, namespaces, log }));
  app.notFound(methodNotAllowed(app.routes));
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
    requireServed(namespace, namespaces);
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
      return { ...shown(request), done: doneOf(request, approved, by) };
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

/** What a decision did, and where the request stands with it. */
function doneOf({ spec, status }: UpdateRequest, approved: boolean, by: string) {
  const { targetRef: { kind, namespace, name }, currentImage, newImage } = spec;
  return {
    action: approved ? "approve" : "reject",
    by,
    workload: { kind, namespace, name },
    containers: containersOf({ spec }),
    from: currentImage,
    to: newImage,
    phase: status?.phase ?? "Pending",
    message: approved
      ? "approved: it is applied as soon as its other gates let it through"
      : "rejected: it is not applied, and that version is not offered again",
  } as const;
}

function refusalOf(error: unknown, key: string): unknown {
  if (error instanceof AlreadyDecided) return new BadRequest(`${key}: ${error.message}`, undefined, 409);
  return refusalByAdmission(error);
}

/** As it is stored, without the managed fields (a kilobyte that nobody reads in an answer), and whether a person made it. */
function shown(request: UpdateRequest): UpdateRequest & { madeByHand?: true } {
  const { managedFields: _, ...metadata } = request.metadata as ObjectMeta & { managedFields?: unknown };
  return { ...request, metadata, ...(isByHand(request) ? { madeByHand: true } : {}) };
}

function unknown(namespace: string, name: string): never {
  throw new BadRequest(`there is no UpdateRequest ${namespace}/${name}`, undefined, 404);
}
