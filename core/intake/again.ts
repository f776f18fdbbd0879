import { isFinished } from "../updates/cache.ts";
import { lastEntry } from "../updates/history.ts";
import type { UpdateRequest } from "../updates/update_request.ts";
import type { Use } from "../match/index.ts";

/**
 * Whether a finished request may be made anew for the same version. One that failed because the registry did not have
 * the version yet: yes. One that was applied: only if Headwind itself has moved the container on since, as when a
 * mutable tag goes back to an old digest; where a person moved it, the version was left on purpose.
 */
export function mayBeMadeAnew(request: UpdateRequest, { workload, slot }: Use): boolean {
  if (!isFinished(request)) return false;
  const { phase, conditions } = request.status!;
  if (phase === "Failed") {
    return conditions?.some(({ type, reason }) => type === "Applied" && reason === "NotInRegistry") ?? false;
  }
  if (phase !== "Completed") return false;
  const last = lastEntry(workload.annotations.history, slot.name);
  return last !== undefined && last.image === slot.current && last.updateRequestName !== request.metadata.name;
}
