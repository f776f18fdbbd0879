import type { UpdateRequest } from "../../core/updates/update_request.ts";
import { imagesOf } from "./place.ts";
import type { KubeObject } from "./manifests.ts";

/** What is the same however often the way to it was interrupted. */
export interface Summary {
  workloads: Record<string, {
    images: Record<string, string>;
    /** Of the API server: 1, and one more for each change of the spec. So no change was made twice. */
    generation: number;
    history: unknown[];
  }>;
  /** From name, without its hash, to where it stands. */
  requests: Record<string, { phase: string; reason: string; approvedBy?: string; confirmed?: string }>;
  /** What the scenario adds. */
  [more: string]: unknown;
}

/** `plain` takes out of a text what differs from run to run. */
export function summarize(
  workloads: readonly KubeObject[],
  requests: readonly UpdateRequest[],
  plain: (text: string) => string,
): Summary {
  const summary: Summary = { workloads: {}, requests: {} };
  for (const object of workloads) {
    const { metadata, kind } = object;
    const images = Object.entries(imagesOf(object)).map(([name, image]) => [name, plain(image)]);
    const written = metadata.annotations?.["headwind.sh/update-history"];
    const history = written ? (JSON.parse(written) as Record<string, string>[]) : [];
    summary.workloads[`${kind}/${plain(metadata.name)}`] = {
      images: Object.fromEntries(images),
      generation: metadata.generation ?? 0,
      // Two containers of one workload may be served in either order.
      history: history.map((entry) => historyLine(entry, plain)).sort(),
    };
  }
  for (const { metadata, status } of requests) {
    const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
    const name = plain(metadata.name);
    if (summary.requests[name]) throw new Error(`two UpdateRequests for one wish: ${name}`);
    const confirmed = condition("Confirmed")?.status;
    summary.requests[name] = {
      phase: status?.phase ?? "",
      reason: condition("Applied")?.reason ?? "",
      ...(status?.approvedBy ? { approvedBy: status.approvedBy } : {}),
      ...(confirmed ? { confirmed } : {}),
    };
  }
  return { ...summary, workloads: sorted(summary.workloads), requests: sorted(summary.requests) };
}

function historyLine(entry: Record<string, string>, plain: (text: string) => string): string {
  const { container, image = "", previousImage = "", updateRequestName = "", approvedBy } = entry;
  const by = approvedBy ? `, approved by ${approvedBy}` : "";
  return `${container}: ${plain(previousImage)} → ${plain(image)} by ${plain(updateRequestName)}${by}`;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
