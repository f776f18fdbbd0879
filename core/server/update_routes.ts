import * as z from "zod";
import type { Audit } from "./audit.ts";
import { decideUpdate, noSuchUpdate } from "./decide_update.ts";
import type { Decisions } from "../requests/store.ts";
import { approveBody, pendingQuery, place, rejectBody, updateRequestBody } from "./schemas.ts";
import { type Route, route } from "./route.ts";
import { containersOf } from "../requests/containers.ts";
import { isByHand, type ObjectMeta, phaseOf, type UpdateRequest } from "../requests/update_request.ts";
import type { Log } from "../plugin.ts";
import { filterReadable, type Reader } from "./readers.ts";
import { requestKey, type UpdateReads } from "../requests/cache.ts";
import { type Callers, requireServed, rightOnRequests } from "./callers.ts";
import type { Wait } from "../read_model/update_wait.ts";

export interface UpdateOptions {
  decisions: Decisions;
  reads: UpdateReads;
  /** Why a request goes no further now; undefined of one that is finished. */
  waitOf(request: UpdateRequest): Wait | undefined;
  callers: Callers;
  /** Who reads. */
  readerOf(request: Request): Promise<Reader>;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  audit: Audit;
  log: Log;
}

/** Characters of a page, of which each update may have as many as the API server stores. */
const LONGEST_PAGE = 4 << 20;

/** The first of them as JSON, one at least, and no more than a page has. */
function firstOf(all: readonly UpdateRequest[], limit: number, shownOf: (request: UpdateRequest) => unknown): string[] {
  const page: string[] = [];
  let length = 0;
  for (const request of all.slice(0, limit)) {
    const text = JSON.stringify(shownOf(request));
    length += text.length;
    if (page.length > 0 && length > LONGEST_PAGE) break;
    page.push(text);
  }
  return page;
}

const updates = "/api/v1/updates";
const update = `${updates}/{namespace}/{name}`;
const one = { description: "The UpdateRequest", body: updateRequestBody };

/** What waits for a decision, and deciding it. */
export function updateRoutes(
  { decisions, reads, waitOf, callers, readerOf, namespaces, audit, log }: UpdateOptions,
): Route[] {
  const withWait = (request: UpdateRequest) => {
    const wait = waitOf(request);
    return { ...shown(request), ...(wait ? { waits: written(wait) } : {}) };
  };
  return [
    route({
      method: "GET",
      path: updates,
      operationId: "list",
      summary:
        "The updates that wait, of the namespaces whose UpdateRequests the caller may list, by namespace and name",
      access: "read",
      query: pendingQuery,
      answers: {
        200: {
          description: 'UpdateRequests; where there are more, `Link` leads to them (`rel="next"`)',
          body: z.array(updateRequestBody),
          headers: ["Link"],
        },
      },
      async handler({ context, request, query }) {
        const { namespace = "", limit, continue: after = "" } = query();
        const reader = await readerOf(request);
        if (namespace !== "") {
          requireServed(namespace, namespaces);
          await reader.require(rightOnRequests("list", namespace));
        }
        const pending = reads.pending(namespace || undefined).filter((request) => requestKey(request) > after);
        const all = namespace === "" ? await filterReadable(pending, reader) : pending;
        const page = firstOf(all, limit, withWait);
        if (page.length < all.length) {
          const next = new URLSearchParams({ ...(namespace ? { namespace } : {}), limit: String(limit) });
          next.set("continue", requestKey(all[page.length - 1]!));
          context.header("Link", `<${updates}?${next}>; rel="next"`);
        }
        return context.body(`[${page.join(",")}]`, 200, { "content-type": "application/json" });
      },
    }),
    route({
      method: "GET",
      path: update,
      operationId: "get",
      summary: "One update",
      access: "read",
      params: place,
      answers: { 200: one, 404: "There is none of that name" },
      async handler({ context, request, params: { namespace, name } }) {
        const reader = await readerOf(request);
        requireServed(namespace, namespaces);
        await reader.require(rightOnRequests("get", namespace, name));
        const found = reads.get(namespace, name);
        if (!found) throw noSuchUpdate(namespace, name);
        return context.json(withWait(found));
      },
    }),
    decisionRoute("approve", "Approves an update that waits", approveBody),
    decisionRoute("reject", "Rejects an update that waits", rejectBody),
  ];

  function decisionRoute(verb: "approve" | "reject", summary: string, body: typeof approveBody | typeof rejectBody) {
    return route({
      method: "POST",
      path: `${update}/${verb}`,
      operationId: verb,
      summary,
      access: "write",
      params: place,
      body,
      answers: {
        200: one,
        404: "There is none of that name",
        409: "It does not wait for a decision any more",
      },
      async handler({ context, request, params, body }) {
        const caller = await callers.resolve(request);
        requireServed(params.namespace, namespaces);
        const approved = verb === "approve";
        const wish = { ...params, ...await body(), approved, via: "api" } as const;
        const { request: decided, by } = await decideUpdate(caller, wish, { decisions, namespaces, audit, log });
        return context.json({ ...shown(decided), done: doneOf(decided, approved, by) });
      },
    });
  }
}

/** What a decision did, and where the request stands with it. */
function doneOf(request: UpdateRequest, approved: boolean, by: string) {
  const { targetRef: { kind, namespace, name }, currentImage, newImage } = request.spec;
  return {
    action: approved ? "approve" : "reject",
    by,
    workload: { kind, namespace, name },
    containers: containersOf(request),
    from: currentImage,
    to: newImage,
    phase: phaseOf(request),
    message: approved
      ? "approved: it is applied as soon as its other gates let it through"
      : "rejected: it is not applied, and that version is not offered again",
  } as const;
}

/** As it is stored, without the managed fields (a kilobyte that nobody reads in an answer), and whether a person made it. */
function shown(request: UpdateRequest): UpdateRequest & { madeByHand?: true } {
  const { managedFields: _, ...metadata } = request.metadata as ObjectMeta & { managedFields?: unknown };
  return { ...request, metadata, ...(isByHand(request) ? { madeByHand: true } : {}) };
}

const time = (ms: number): string => new Date(ms).toISOString();

/** With times as JSON has them. */
function written({ for: what, sentence: message, until, expiresAt }: Wait) {
  return {
    for: what,
    message,
    ...(until ? { until: time(until.at), then: until.what } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt: time(expiresAt) }),
  };
}
