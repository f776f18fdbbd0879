import { conditionOf, phaseOf, type UpdateRequest } from "../requests/update_request.ts";
import { DEFAULT_VERIFICATION } from "../workloads/read_annotations.ts";
import { type Gate, GATES } from "../lifecycle/gates.ts";
import { isReason } from "../requests/reasons.ts";
import { phaseFacts } from "../requests/phases.ts";
import type { Workload } from "../workloads/workload.ts";

/** What a request goes on by: a gate that opens, or something else that comes first. */
export const WAITS_FOR = [
  ...["approval", "time", "change of annotations"] as const satisfies readonly Gate["opensBy"][],
  ...["Headwind", "registry", "other update", "health", "resume", "other"] as const,
] as const;
export type WaitsFor = (typeof WAITS_FOR)[number];

/** What time alone brings. */
export const BROUGHT_BY_TIME = ["goes on", "is verified", "is taken back", "fails"] as const;

/** Why a request goes no further now, and until when. */
export interface Wait {
  for: WaitsFor;
  /** Without a full stop. */
  sentence: string;
  /** What time alone brings, and when, in milliseconds since 1970. */
  until?: { at: number; what: (typeof BROUGHT_BY_TIME)[number] };
  /** Milliseconds since 1970: it is not applied after it. */
  expiresAt?: number;
}

/** What is said of a request that nobody has looked at. */
export const NOT_LOOKED_AT = "Headwind has not looked at its request yet";

/** The reason that a request's status gives; of one that an older Headwind wrote its last step's. */
export const reasonOf = ({ status }: Pick<UpdateRequest, "status">): string | undefined =>
  status?.reason ?? status?.steps?.at(-1)?.reason;

/** What a request waits for; undefined of one that is finished. Pure. */
export function waitsFor(request: UpdateRequest): WaitsFor | undefined {
  const phase = phaseOf(request);
  if (phaseFacts(phase).isFinal) return undefined;
  if (phase === "Held") return "resume";
  if (phase === "Verifying") return "health";
  if (request.status?.phase === undefined) return "Headwind";
  const reason = reasonOf(request);
  const gate = gateOf(reason);
  if (gate) return gate.opensBy;
  if (isReason(reason, "NotInRegistryYet") || isReason(reason, "RegistryUnavailable")) return "registry";
  if (isReason(reason, "Verifying")) return "other update";
  return isReason(reason, "Approved") ? "Headwind" : "other";
}

const gateOf = (reason: string | undefined): Gate | undefined => GATES.find((gate) => gate.reason === reason);

/**
 * Why a request goes no further at a time (in milliseconds since 1970), as its status says, and what its workload tells of
 * when that ends; undefined of one that is finished. Pure.
 */
export function waitOf(request: UpdateRequest, workload: Workload | undefined, now: number): Wait | undefined {
  const what = waitsFor(request);
  if (what === undefined) return undefined;
  const { spec, status } = request;
  const expiry = phaseFacts(phaseOf(request)).isWaiting ? Date.parse(spec.expiresAt ?? "") : NaN;
  const expires = Number.isNaN(expiry) ? {} : { expiresAt: expiry };
  const sentence = status?.message ?? NOT_LOOKED_AT;
  if (what === "health") return { for: what, sentence, ...verifiedWhen(request, workload, now) };
  const closed = workload && gateOf(reasonOf(request))?.evaluate({ request, workload, now });
  const until = closed?.until === undefined ? {} : { until: { at: closed.until, what: "goes on" as const } };
  return { for: what, sentence: closed?.message ?? sentence, ...until, ...expires };
}

/** A workload that is healthy is verified after its soak time; one that is not has to become so in time. */
function verifiedWhen(request: UpdateRequest, workload: Workload | undefined, now: number): Pick<Wait, "until"> {
  const { soak, timeout, autoRollback } = workload?.settings?.verification ?? DEFAULT_VERIFICATION;
  const healthy = conditionOf(request, "Healthy");
  const [since, seconds, what] = healthy?.status === "True"
    ? [healthy.lastTransitionTime, soak, "is verified"] as const
    : [request.status?.appliedAt, timeout, autoRollback ? "is taken back" : "fails"] as const;
  const at = Math.min(Date.parse(since ?? ""), now) + seconds * 1000;
  return Number.isNaN(at) ? {} : { until: { at, what } };
}
