import type { Actor, Expected } from "./chapter.ts";
import type { Judgement } from "./judge.ts";
import { partsOf } from "./parts.ts";
import { table } from "./table.ts";
import { shortened, versionOf } from "./version.ts";

/** What became of one part of a workload, and what was to become of it. */
export interface Outcome extends Judgement {
  actor: Actor;
  expected: Expected;
  /** The version that was last offered. */
  offered: string | undefined;
  /** What is or was held, in words. */
  held: readonly string[];
}

/** The table of all outcomes, and beneath it what is not as it should be. */
export function report(outcomes: readonly Outcome[]): string {
  const head = ["workload", "policy", "from", "to", "how it ended", "held", "as it should?"];
  const rows = outcomes.map(({ actor, expected, ended, offered, held, faults }) => [
    nameOf(actor, expected.part),
    policyOf(actor),
    firstVersion(actor, expected.part),
    offered === undefined ? "-" : shortened(offered),
    ended,
    held.length === 0 ? "-" : held.join("; "),
    faults.length === 0 ? "yes" : "no",
  ]);
  const wrong = outcomes.flatMap(({ actor, expected, faults }) =>
    faults.map((fault) => `${nameOf(actor, expected.part)}: ${fault}`)
  );
  return [table(head, rows), ...(wrong.length > 0 ? ["", "not as it should be:", ...wrong] : [])].join("\n");
}

function nameOf(actor: Actor, part: string): string {
  const { kind, name } = actor;
  const several = Object.keys(partsOf(actor)).length > 1;
  return `${kind} ${name}${several ? `, ${part}` : ""}`;
}

function policyOf({ annotations }: Actor): string {
  const { policy = "none", "require-approval": approval, "event-source": source, "auto-rollback": back } = annotations;
  return [
    policy,
    ...(approval === "false" ? [] : ["asks"]),
    ...(source === "polling" ? ["polled"] : []),
    ...(back === "true" ? ["rolls back"] : []),
  ].join(", ");
}

const firstVersion = (actor: Actor, part: string): string => shortened(versionOf(partsOf(actor)[part]!));
