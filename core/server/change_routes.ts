import type * as z from "zod";
import { BadRequest, refusalByAdmission } from "./http_errors.ts";
import {
  type Caller,
  type Callers,
  requireProvenRight,
  requireRight,
  requireServed,
  type Right,
  signatureOf,
} from "./callers.ts";
import { type Call, type Route, route } from "./route.ts";
import {
  changedBody,
  containerPlace,
  historyBody,
  holdBody,
  kindQuery,
  oldRollbackBody,
  place,
  rollbackBody,
} from "./schemas.ts";
import {
  historyOf,
  holdManually,
  type ManualChange,
  ManualChangeRefused,
  type ManualChangeResult,
  resumeManually,
  rollBackManually,
} from "../lifecycle/manual_change.ts";
import type { KubeClient, PatchOperation } from "../kube/client.ts";
import { KubeError } from "../kube/kube_error.ts";
import type { Log } from "../plugin.ts";
import { namesText } from "../requests/containers.ts";
import { preferManaged } from "../read_model/workload_reads.ts";
import { readHistory } from "../requests/history.ts";
import { type Reader, readRight } from "./readers.ts";
import type { UpdateRequest } from "../requests/update_request.ts";
import type { Workload } from "../workloads/workload.ts";

/** The workloads, as people's changes need them. */
export interface ChangeableWorkloads {
  /** Those that Headwind looks after, as last heard of. */
  known(namespace: string, name: string, kind?: string): Workload[];
  /** All of this name, of one kind or of any. */
  find(namespace: string, name: string, kind?: string): Promise<Workload[]>;
  requests(workload: Workload): readonly UpdateRequest[];
  /** By Headwind's own rights, or by those of `as`. */
  patch(workload: Workload, operations: readonly PatchOperation[], as?: KubeClient): Promise<Workload>;
  /** By the cluster's clock. */
  now(): Date;
  /** Told of what a person did. */
  onDone(what: Change, done: ManualChangeResult): void;
}

export interface ChangeOptions {
  workloads: ChangeableWorkloads;
  callers: Callers;
  /** Who reads. */
  readerOf(request: Request): Promise<Reader>;
  /** The namespaces that it is for; all if empty. */
  namespaces: readonly string[];
  log: Log;
}

const rollback = "/api/v1/rollback/{namespace}/{name}";
const SEVERAL = "Several workloads have the name: `kind` says which";
const changed = { description: "What was done", body: changedBody };

/** The Rust Headwind's rollback API for all workload kinds (`?kind=`), and hold and resume beside it. */
export function changeRoutes({ workloads, callers, readerOf, namespaces, log }: ChangeOptions): Route[] {
  const now = neverTwice(workloads.now);
  return [
    historyRoute(rollback, "historyOfWorkload"),
    route({
      method: "POST",
      path: rollback,
      operationId: "rollbackOfWorkload",
      summary: "Takes the container that the body names back to an earlier version",
      access: "write",
      params: place,
      query: kindQuery,
      body: oldRollbackBody,
      bodyRequired: true,
      answers: changeAnswers("the history knows no such version"),
      handler: async (call) => call.context.json(await act("rollback", call)),
    }),
    historyRoute(`${rollback}/history`, "history"),
    changeRoute(
      "rollback",
      "Takes a container back to an earlier version of its history, and holds what it runs now",
      "the history knows no such version",
    ),
    changeRoute("hold", "Holds a version for a container, or all of them", "there is no such container"),
    changeRoute("resume", "Lets go what is held for a container", "nothing like it is held"),
  ];

  function historyRoute(path: string, operationId: string): Route {
    return route({
      method: "GET",
      path,
      operationId,
      summary: "The last changes of a workload, newest first",
      access: "read",
      params: place,
      query: kindQuery,
      answers: {
        200: { description: "Entries of the history", body: historyBody },
        404: "There is no such workload",
        409: SEVERAL,
      },
      async handler({ context, request, params, query }) {
        const reader = await readerOf(request);
        requireServed(params.namespace, namespaces);
        await reader.require(readRight(params.namespace));
        const workload = await one(params, query, (...named) => {
          const known = workloads.known(...named);
          return known.length > 0 ? known : workloads.find(...named);
        });
        const { group, plural } = workload.plugin.resource;
        await reader.require({ verb: "get", group, resource: plural, ...params });
        return context.json(historyOf(workload).history);
      },
    });
  }

  function changeRoute(what: Change, summary: string, conflict: string): Route {
    return route({
      method: "POST",
      path: `/api/v1/${what}/{namespace}/{name}/{container}`,
      operationId: what,
      summary,
      access: "write",
      params: containerPlace,
      query: kindQuery,
      body: what === "rollback" ? rollbackBody : holdBody,
      answers: changeAnswers(conflict),
      handler: async (call) => call.context.json(await act(what, call)),
    });
  }

  /** Of several of a name, as a HelmRelease and its Deployment, the one that Headwind looks after. */
  async function one(
    { namespace, name }: Place,
    query: () => z.infer<typeof kindQuery>,
    find: (namespace: string, name: string, kind?: string) => Workload[] | Promise<Workload[]> = workloads.find,
  ): Promise<Workload> {
    const { kind } = query();
    const all = await find(namespace, name, kind);
    const [found, ...others] = preferManaged(all);
    if (!found) throw new BadRequest(`there is no ${kind ?? "workload"} ${namespace}/${name}`, "name", 404);
    if (others.length === 0) return found;
    const kinds = [found, ...others].map(({ plugin }) => plugin.resource.kind).join(", ");
    throw new BadRequest(`${namespace}/${name} is the name of several: ${kinds}`, "kind", 409);
  }

  /** Who it is, then what they want, then whether they may. */
  async function act(
    what: Change,
    { request, params, query, body }: Call<Place & { container?: string }, z.infer<typeof kindQuery>, Said>,
  ) {
    const { namespace, name } = params;
    const caller = await callers.resolve(request);
    requireServed(namespace, namespaces);
    const { user, image, index, reason, container = params.container! } = await body();
    const by = signatureOf(caller, user, "user");
    const first = await one({ namespace, name }, query);
    const { resource } = first.plugin;
    const { group, plural } = first.carrier?.resource ?? resource;
    const written = first.carrier ?? { namespace, name };
    const right: Right = { verb: "patch", group, resource: plural, namespace: written.namespace, name: written.name };
    await requireRight(caller, right);
    const wish = (): ManualChange => ({
      container,
      by,
      ...(image === undefined ? indexed(first, container, index) : { image }),
      ...(reason === undefined ? {} : { reason }),
    });
    const steps = {
      read: async () => (await workloads.find(namespace, name, resource.kind))[0],
      requests: () => workloads.requests(first),
      patch: (workload: Workload, operations: readonly PatchOperation[]) =>
        workloads.patch(workload, operations, clientOf(caller)),
      now,
    };
    const done = await Promise.resolve().then(() => CHANGES[what](wish(), steps)).catch(async (error) => {
      // why it cannot be done tells what the workload runs: to nobody who may not change it
      if (error instanceof ManualChangeRefused) await requireProvenRight(caller, right);
      throw refusalOf(error);
    });
    log.info(`${what} by hand`, {
      workload: `${resource.kind}/${namespace}/${name}`,
      container: namesText(done.containers ?? [container]),
      by,
      proof: caller.kind,
      from: done.from,
      to: done.to,
    });
    workloads.onDone(what, done);
    const { workload: _, ...changed } = done;
    return { kind: resource.kind, namespace, name, ...changed };
  }
}

const changeAnswers = (conflict: string) => ({
  200: changed,
  404: "There is none of that name",
  409: `${SEVERAL}; or ${conflict}`,
});

type Change = "rollback" | "hold" | "resume";
type Place = z.infer<typeof place>;
/** The body of a change: each has some of it. */
type Said = Partial<z.infer<typeof oldRollbackBody>>;

const CHANGES = { rollback: rollBackManually, hold: holdManually, resume: resumeManually };

/** A wish knows what it wrote by its time: of two in one millisecond each would take the other's for its own. */
function neverTwice(now: () => Date): () => Date {
  let last = 0;
  return () => {
    const time = now().getTime();
    const soonAfter = time <= last && last - time < 1000;
    return new Date(last = soonAfter ? last + 1 : time);
  };
}

const clientOf = (caller: Caller): KubeClient | undefined => caller.kind === "token" ? caller.client : undefined;

function refusalOf(error: unknown): unknown {
  if (error instanceof ManualChangeRefused) {
    return new BadRequest(error.message, error.field, error.field === "name" ? 404 : 409);
  }
  if (error instanceof KubeError && [409, 422].includes(error.status)) {
    const why = `it was changed by somebody else at each try, or cannot be changed so: ${error.said}`;
    return new BadRequest(why, undefined, 409);
  }
  return refusalByAdmission(error);
}

/** The image of an entry of the container's history. */
function indexed({ annotations }: Workload, container: string, index: number | undefined): { image?: string } {
  if (index === undefined) return {};
  const entries = readHistory(annotations.history).filter((entry) => entry.container === container);
  const entry = entries[index];
  if (entry) return { image: entry.image };
  throw new ManualChangeRefused("index", `the history of ${container} has ${entries.length} entries`);
}
