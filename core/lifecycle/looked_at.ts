import { isPending, isProposal, type UpdateRequest } from "../requests/update_request.ts";

/** Of one workload; a step compares each of its requests with all others. */
const mostProposals = 50;

/**
 * The requests of a workload that its next steps follow from: all but proposals beyond the oldest fifty, which come when those before
 * them have ended. Who may make requests by hand makes thousands as easily as one.
 */
export function consideredRequests(requests: readonly UpdateRequest[]): readonly UpdateRequest[] {
  const proposals = requests.filter((request) => isProposal(request) && isPending(request));
  if (proposals.length <= mostProposals) return requests;
  const later = new Set(proposals.sort(byAge).slice(mostProposals));
  return requests.filter((request) => !later.has(request));
}

function byAge({ metadata: a }: UpdateRequest, { metadata: b }: UpdateRequest): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
