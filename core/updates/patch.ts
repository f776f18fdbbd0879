import type { Workload } from "../match/workload.ts";
import type { Slot } from "../plugin.ts";
import { withEntry } from "./history.ts";
import type { UpdateRequest } from "./update_request.ts";

/** RFC 6902. */
export type PatchOperation = { op: "test" | "add" | "replace"; path: string; value: unknown };

const annotations = "/metadata/annotations";
const annotation = (name: string) => `${annotations}/headwind.sh~1${name}`;

/**
 * The JSON patch that brings a version into a workload. It tests everything that it was decided on and replaces, so
 * that the API server refuses it (422) when a person changed any of that in between; and it writes the history in the
 * same call, so that neither can be without the other. A test for null holds where there is nothing.
 */
export function applyPatch(request: UpdateRequest, workload: Workload, slot: Slot, now: Date): PatchOperation[] {
  const { spec, metadata } = request;
  const written = workload.annotations;
  const timestamp = now.toISOString();
  const history = withEntry(written.history, {
    container: slot.name,
    image: spec.newImage,
    previousImage: slot.current,
    timestamp,
    updateRequestName: metadata.name,
    ...(spec.decision ? { approvedBy: spec.decision.by } : {}),
  });
  const decidedByPolicy = spec.sighting !== undefined && !spec.decision;
  return [
    { op: "test", path: "/metadata/uid", value: workload.uid },
    { op: "test", path: `${slot.pointer}/name`, value: slot.name },
    { op: "test", path: `${slot.pointer}/image`, value: slot.current },
    ...(written.any ? [{ op: "test", path: annotation("update-history"), value: written.history ?? null } as const] : [
      { op: "test", path: annotations, value: null } as const,
      { op: "add", path: annotations, value: {} } as const,
    ]),
    ...(decidedByPolicy ? [{ op: "test", path: annotation("policy"), value: written.policy ?? null } as const] : []),
    { op: "replace", path: `${slot.pointer}/image`, value: spec.newImage },
    { op: "add", path: annotation("update-history"), value: history },
    { op: "add", path: annotation("last-update"), value: timestamp },
  ];
}
