import { type DashboardContext, RESOURCE, type ResourceAttributes } from "../../../core/web.ts";

/** Verbs on UpdateRequests that pages and what is pressed on them ask about. */
const REQUEST_VERBS = ["list", "get", "approve", "patch", "create", "delete"];

/** All rights on which it depends what a page shows, in all namespaces. */
export function everythingOn(kinds: DashboardContext["workloadKinds"]): ResourceAttributes[] {
  const everywhere = { namespace: "", name: "" };
  const requests = { group: RESOURCE.group, resource: RESOURCE.plural };
  return [
    ...REQUEST_VERBS.map((verb) => ({ verb, ...requests, ...everywhere })),
    ...kinds.flatMap(({ group, plural }) =>
      ["get", "patch"].map((verb) => ({ verb, group, resource: plural, ...everywhere }))
    ),
  ];
}
