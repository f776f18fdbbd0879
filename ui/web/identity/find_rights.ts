import { type DashboardContext, type ResourceAttributes, rightOnRequests } from "../../../core/web.ts";
import type { Person } from "./person.ts";

/** What people do with Headwind, and what each takes. */
export const DEEDS = ["see", "approve", "change", "retry"] as const;
export type Deed = typeof DEEDS[number];

/** What somebody may in one namespace, or in all. */
export type Rights = Record<Deed, boolean>;

/** A kind of workload, as RBAC names it. */
export type Resource = Pick<ResourceAttributes, "group" | "resource">;

export interface NamespaceRights {
  namespace: string;
  rights: Rights;
  /** The kinds there that they may not change, though they may change others. */
  unchangeable: readonly Resource[];
}

export interface FoundRights {
  /** What they may in all namespaces. */
  everywhere: Rights;
  /**
   * What more they may in each; none are asked about where they may all everywhere. Those in which they may nothing are left out: their
   * names are others' business.
   */
  namespaces: readonly NamespaceRights[];
  /** How many were left out. */
  hidden: number;
  /** Namespaces that were not asked about. */
  unasked: number;
  /** What is refused because Headwind itself may not write it. */
  lackedByHeadwind: boolean;
}

/** Namespaces that are asked about; each takes a question for each deed. */
const MOST_NAMESPACES = 25;
const AT_ONCE = 5;

/** Asks the API server what somebody may, in all namespaces first, then in those where there is something, or in `named` alone. */
export async function findRights(
  { requests, workloads, workloadKinds, callers }: Pick<
    DashboardContext,
    "requests" | "workloads" | "workloadKinds" | "callers"
  >,
  person: Person,
  named?: string,
): Promise<FoundRights> {
  const kinds = new Map<string, Set<string>>();
  const note = (namespace: string, kind: string) => {
    const known = kinds.get(namespace) ?? new Set();
    kinds.set(namespace, known.add(kind));
  };
  for (const { namespace, plugin } of workloads.all()) note(namespace, plugin.resource.kind);
  for (const { metadata, spec } of requests.all()) note(metadata.namespace, spec.targetRef.kind);
  const plurals = new Map(workloadKinds.map(({ kind, group, plural }) => [kind, { group, resource: plural }]));
  const allKinds = [...new Set([...kinds.values()].flatMap((some) => [...some]))];

  /** Each kind of `of` that they may not change in a namespace. */
  async function unchangeableIn(namespace: string, of: readonly Resource[]): Promise<Resource[]> {
    const refused: Resource[] = [];
    for (const kind of of) if (!await person.may({ verb: "patch", ...kind, namespace, name: "" })) refused.push(kind);
    return refused;
  }

  async function rightsIn(
    namespace: string,
    known: Rights | undefined,
    of: readonly string[],
  ): Promise<Omit<NamespaceRights, "namespace">> {
    const may = (...verbs: string[]) => allowed(person, verbs.map((verb) => rightOnRequests(verb, namespace)));
    const resources = of.flatMap((kind) => plurals.get(kind) ?? []);
    const refused = known?.change ? [] : await unchangeableIn(namespace, resources);
    return {
      rights: {
        see: known?.see || await may("list"),
        approve: known?.approve || await may("approve"),
        change: known?.change || (resources.length > 0 && refused.length === 0),
        retry: known?.retry || await may("create", "delete"),
      },
      unchangeable: refused.length < resources.length ? refused : [],
    };
  }

  const { rights: everywhere } = await rightsIn("", undefined, allKinds);
  const lackedByHeadwind = person.caller.kind === "vouched" && person.proof !== "none" &&
    !await callers.itself(rightOnRequests("approve", named ?? ""));
  const mayAll = DEEDS.every((deed) => everywhere[deed]);
  const wanted = named === undefined ? mayAll ? [] : [...kinds.keys()].sort() : [named];
  const asked = wanted.slice(0, MOST_NAMESPACES);
  const namespaces: NamespaceRights[] = [];
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    namespaces.push(
      ...await Promise.all(
        asked.slice(start, start + AT_ONCE).map(async (namespace) => ({
          namespace,
          ...await rightsIn(namespace, everywhere, [...kinds.get(namespace) ?? allKinds]),
        })),
      ),
    );
  }
  const shown = named === undefined ? namespaces.filter(maySomething) : namespaces;
  const hidden = namespaces.length - shown.length;
  return { everywhere, namespaces: shown, hidden, unasked: wanted.length - asked.length, lackedByHeadwind };
}

const maySomething = ({ rights, unchangeable }: NamespaceRights): boolean =>
  DEEDS.some((deed) => rights[deed]) || unchangeable.length > 0;

/** All of them; what is refused first ends it. */
async function allowed(person: Person, rights: readonly ResourceAttributes[]): Promise<boolean> {
  for (const right of rights) if (!await person.may(right)) return false;
  return true;
}
