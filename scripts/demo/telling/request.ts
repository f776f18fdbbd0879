import { approvalGate } from "../../../core/lifecycle/gates.ts";
import { isReason } from "../../../core/requests/reasons.ts";
import type { StatusStep, UpdateRequest } from "../../../core/requests/update_request.ts";
import { shortened, versionOf } from "../version.ts";
import type { Line } from "../telling.ts";

/** The lines that tell of an UpdateRequest that is new, or not as it was. Pure. */
export function linesOfRequest(before: UpdateRequest | undefined, after: UpdateRequest): Line[] {
  const { name } = after.spec.targetRef;
  const told: Told[] = [
    ...(before ? [] : arrival(after)),
    ...(before?.spec.decision ? [] : decision(after)),
    ...newSteps(before, after).map((step) => standing(step, after)).filter((one) => one !== undefined),
  ];
  return told.map(([step, text]) => ({ workload: name, step, text: shortened(text) }));
}

type Told = [step: string, text: string];

function arrival({ spec, metadata }: UpdateRequest): Told[] {
  const { sighting } = spec;
  const version = versionOf(spec.newImage);
  const stored: Told = [
    "request",
    `UpdateRequest ${metadata.name} is stored: ${spec.reason ?? "made by hand"}`,
  ];
  if (!sighting) return [stored];
  if (sighting.via !== "webhook") return [["sighting", `the poller finds ${version} in the registry`], stored];
  const proof = sighting.trusted ? "and proves itself by the secret" : "and proves nothing: it is looked up";
  return [["sighting", `a webhook names ${version}, ${proof}`], stored];
}

function decision({ spec: { decision } }: UpdateRequest): Told[] {
  if (!decision) return [];
  const { approved, by, reason, via } = decision;
  const way = via === "api" ? "over the approval API" : `by ${via ?? "hand"}`;
  const why = reason ? `: ${reason}` : "";
  return [[approved ? "approval" : "rejection", `${by} ${approved ? "approves" : "rejects"} ${way}${why}`]];
}

/** What of the status's story was not there before; a watch may skip a status, but not its steps. */
function newSteps(before: UpdateRequest | undefined, { status }: UpdateRequest): StatusStep[] {
  const known = new Set(before?.status?.steps?.map(idOf));
  return (status?.steps ?? []).filter((step) => !known.has(idOf(step)));
}

const idOf = ({ at, phase, reason }: StatusStep) => `${at} ${phase} ${reason}`;

function standing(step: StatusStep, { status }: UpdateRequest): Told | undefined {
  const { phase, reason, message } = step;
  const steps = status?.steps ?? [];
  switch (phase) {
    case "Pending":
      return ["waits", reason === approvalGate.reason ? "for a person's approval" : message];
    case "Approved":
      return isReason(reason, "Approved") ? undefined : ["waits", message];
    case "Verifying": {
      const isLast = step === steps.at(-1);
      if (isLast && status?.conditions?.some(({ type, status }) => type === "Healthy" && status === "False")) {
        return ["failing", message];
      }
      const isFirst = steps.find(({ phase }) => phase === "Verifying") === step;
      return isFirst ? ["verifying", "applied is not done: it has to become healthy, and to stay so"] : undefined;
    }
    case "Rejected":
      return ["end", "the UpdateRequest is Rejected"];
    case "Held":
      return ["held", `the UpdateRequest is Held: ${message}`];
    default:
      return ["end", `the UpdateRequest is ${phase}: ${message}`];
  }
}
