import type * as z from "zod";
import { type Call, type Route, route } from "./route.ts";
import { type Callers, requireServed, rightOnRequests } from "./callers.ts";
import { type Change, type ChangeOptions, changeWorkload } from "./change_workload.ts";
import { oneWorkload } from "./find_workload.ts";
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
import { historyOf } from "../lifecycle/manual_change.ts";
import type { Reader } from "./readers.ts";

export interface ChangeRouteOptions extends ChangeOptions {
  callers: Callers;
  /** Who reads. */
  readerOf(request: Request): Promise<Reader>;
}

const rollback = "/api/v1/rollback/{namespace}/{name}";
const SEVERAL = "Several workloads have the name: `kind` says which";
const changed = { description: "What was done", body: changedBody };

/** The Rust Headwind's rollback API for all workload kinds (`?kind=`), and hold and resume beside it. */
export function changeRoutes({ callers, readerOf, ...options }: ChangeRouteOptions): Route[] {
  const { workloads, namespaces } = options;
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
        await reader.require(rightOnRequests("list", params.namespace));
        const workload = await oneWorkload({ ...params, ...query() }, (...named) => {
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

  /** Who it is, then what they want, then whether they may. */
  async function act(
    what: Change,
    { request, params, query, body }: Call<Place & { container?: string }, z.infer<typeof kindQuery>, Said>,
  ) {
    const caller = await callers.resolve(request);
    requireServed(params.namespace, namespaces);
    const { container = params.container!, ...said } = await body();
    return await changeWorkload(caller, { what, ...params, ...query(), ...said, container }, options);
  }
}

const changeAnswers = (conflict: string) => ({
  200: changed,
  404: "There is none of that name",
  409: `${SEVERAL}; or ${conflict}`,
});

type Place = z.infer<typeof place>;
/** The body of a change: each has some of it. */
type Said = Partial<z.infer<typeof oldRollbackBody>>;
