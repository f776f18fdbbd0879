import type { HistoryEntry } from "../../core/requests/history.ts";
import type { Hold } from "../../core/requests/holds.ts";
import type { RolloutSample, UpdateRequest } from "../../core/requests/update_request.ts";
import { imagesOf } from "../support/test_namespace.ts";
import type { KubeObject } from "./manifests.ts";

/** What is the same however often the way to it was interrupted. */
export interface Summary {
  workloads: Record<string, {
    images: Record<string, string>;
    /** Of the API server: 1, and one more for each change of the spec. So no change was made twice. */
    generation: number;
    history: unknown[];
    held: unknown[];
  }>;
  /** From name, without its hash, to where it stands. */
  requests: Record<string, {
    phase: string;
    reason: string;
    approvedBy?: string;
    confirmed?: string;
    healthy?: string;
  }>;
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
    const written = (name: string) => JSON.parse(metadata.annotations?.[`headwind.sh/${name}`] ?? "[]");
    const history = written("update-history") as HistoryEntry[];
    const held = written("held") as Hold[];
    summary.workloads[`${kind}/${plain(metadata.name)}`] = {
      images: Object.fromEntries(images),
      generation: metadata.generation ?? 0,
      // Two containers of one workload may be served in either order.
      history: history.map((entry) => historyLine(entry, plain)).sort(),
      held: held.map(({ container, image = "all", by }) => `${container}: ${plain(image)} by ${by}`).sort(),
    };
  }
  for (const { metadata, status } of requests) {
    const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
    const name = plain(metadata.name);
    if (summary.requests[name]) throw new Error(`two UpdateRequests for one wish: ${name}`);
    checkSamples(name, status?.rollout);
    const confirmed = condition("Confirmed")?.status;
    const healthy = condition("Healthy")?.status;
    summary.requests[name] = {
      phase: status?.phase ?? "",
      reason: condition("Applied")?.reason ?? "",
      ...(status?.approvedBy ? { approvedBy: status.approvedBy } : {}),
      ...(confirmed ? { confirmed } : {}),
      ...(healthy ? { healthy } : {}),
    };
  }
  return { ...summary, workloads: sorted(summary.workloads), requests: sorted(summary.requests) };
}

/** Which samples there are differs from run to run; that none is told twice, and none out of its order, does not. */
function checkSamples(name: string, samples: readonly RolloutSample[] = []): void {
  const wrong = samples.find((sample, index) => {
    const last = samples[index - 1];
    if (!last) return false;
    const isSame = sample.old === last.old && sample.new === last.new && sample.ready === last.ready;
    return isSame || Date.parse(sample.at) < Date.parse(last.at);
  });
  if (wrong) throw new Error(`${name}: the sample ${JSON.stringify(wrong)} in ${JSON.stringify(samples)}`);
}

function historyLine(entry: HistoryEntry, plain: (text: string) => string): string {
  const { container, image, previousImage = "", updateRequestName, approvedBy, verified, rollback } = entry;
  return [
    `${container}: ${plain(previousImage)} → ${plain(image)}`,
    ...(updateRequestName ? [`by ${plain(updateRequestName)}`] : []),
    ...(approvedBy ? [`approved by ${approvedBy}`] : []),
    ...(rollback ? [`taken back by ${rollback.by}`] : []),
    ...(verified ? ["verified"] : []),
  ].join(", ");
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
