import { BadRequest } from "./http_errors.ts";
import { type Caller, forbidden, hasRight, type Right } from "./callers.ts";
import { preferManaged } from "../read_model/workload_reads.ts";
import type { ResourceKind } from "../plugin.ts";
import type { Workload } from "../workloads/workload.ts";

/** A workload as people name it. */
export interface WorkloadName {
  namespace: string;
  name: string;
  /** Needed where several have the name. */
  kind?: string | undefined;
}

/** Where workloads are looked for by their names. */
export interface FindableWorkloads {
  /** All of this name, of one kind or of any. */
  find(namespace: string, name: string, kind?: string): Promise<Workload[]>;
  /** What those are in the API: of one kind, or of each. */
  resources(kind?: string): readonly ResourceKind[];
}

/**
 * The workload of the name, for somebody who has the right to change it. To who has it not, one that is there is as one that is not.
 *
 * @throws {BadRequest} 403 where they lack the right, 404 where there is none, 409 where there are several
 */
export async function findToChange(
  caller: Caller,
  named: WorkloadName,
  { find, resources }: FindableWorkloads,
  rightTo: (workload: Workload) => Right,
): Promise<Workload> {
  const { namespace, name, kind } = named;
  const all = preferManaged(await find(namespace, name, kind));
  if (caller.kind !== "anonymous") {
    const own = resources(kind).map((resource) => rightToPatch(resource, namespace, name));
    for (const right of all.length > 0 ? all.map(rightTo) : own) {
      if (await hasRight(caller, right)) continue;
      if (kind === undefined) throw new BadRequest(lacking(caller.user, named), undefined, 403);
      // of what else a workload stands in one hears who may change the workload itself
      const [first = right] = own;
      throw forbidden(caller.user, await hasRight(caller, first) ? right : first);
    }
  }
  return onlyOne(all, named);
}

export const rightToPatch = ({ group, plural }: ResourceKind, namespace: string, name: string): Right => ({
  verb: "patch",
  group,
  resource: plural,
  namespace,
  name,
});

const lacking = (user: string, { namespace, name }: WorkloadName) =>
  `${user} may not patch a workload ${namespace}/${name}, or there is none`;

/**
 * The workload of the name. Of several, as a HelmRelease and its Deployment, the one that Headwind looks after.
 *
 * @throws {BadRequest} 404 where there is none, 409 where there are several
 */
export async function oneWorkload(
  named: WorkloadName,
  find: (namespace: string, name: string, kind?: string) => Workload[] | Promise<Workload[]>,
): Promise<Workload> {
  return onlyOne(preferManaged(await find(named.namespace, named.name, named.kind)), named);
}

function onlyOne([found, ...others]: readonly Workload[], { namespace, name, kind }: WorkloadName): Workload {
  if (!found) throw new BadRequest(`there is no ${kind ?? "workload"} ${namespace}/${name}`, "name", 404);
  if (others.length === 0) return found;
  const kinds = [found, ...others].map(({ plugin }) => plugin.resource.kind).join(", ");
  throw new BadRequest(`${namespace}/${name} is the name of several: ${kinds}`, "kind", 409);
}
