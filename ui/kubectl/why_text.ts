import {
  actorText,
  definitionOf,
  isOci,
  leftOutText,
  namesText,
  RANGE_POLICY,
  shorten,
  type SlotReport,
  type State,
  type Workload,
} from "../../core/ui.ts";
import { age, type Colour, table, visible } from "./print.ts";
import type { Look } from "./command.ts";
import { shortName } from "./kinds.ts";

export interface Told {
  workload: Workload;
  /** What holds for all versions, a few words each. */
  gates: readonly string[];
  stories: readonly SlotReport[];
  all: boolean;
}

/** The answer of `why`, for people. Pure. */
export function whyText({ workload, gates, stories, all }: Told, look: Look): string {
  const { plugin, name, namespace, warnings, notes } = workload;
  const head = `${look.paint(shortName(plugin, name), "bold")} in namespace ${namespace}`;
  return [
    gates.length > 0 ? `${head}: ${gates.join(", ")}` : head,
    ...warnings.map(({ message }) => look.paint(visible(message), "yellow")),
    ...notes.map(({ message, type }) => look.paint(visible(message), type === "Warning" ? "yellow" : "dim")),
    ...stories.flatMap((story) => ["", ...paragraph(workload, story, all, look)]),
  ].join("\n");
}

function paragraph(workload: Workload, story: SlotReport, all: boolean, look: Look): string[] {
  const { registry, nothing, versions } = story;
  const { shown, leftOut } = all ? { shown: versions, leftOut: [] } : shorten(versions);
  const rows = shown.map(({ version, state, rule, why, updateRequest }) => [
    version,
    { text: state, colour: colours[state] },
    ...(look.wide ? [rule, updateRequest ?? ""] : []),
    why,
  ]);
  const head = ["VERSION", "STATE", ...(look.wide ? ["RULE", "UPDATEREQUEST"] : []), "WHY"];
  const count = leftOut.reduce((sum, [, count]) => sum + count, 0);
  return [
    firstLine(workload, story, look),
    ...(story.held ? [look.paint(visible(story.held), "red")] : []),
    ...(nothing ? [look.paint(visible(nothing), "yellow")] : []),
    ...(registry?.unreachable
      ? [look.paint(visible(`the ${placeOf(story)} cannot be asked from here: ${registry.unreachable}`), "red")]
      : []),
    ...(story.unread ?? []).map(({ reading, message, at }) =>
      look.paint(visible(`Headwind could not read ${reading}, as it said ${age(at, look.now)} ago: ${message}`), "red")
    ),
    ...(registry?.warnings ?? []).map((warning) => look.paint(visible(warning), "yellow")),
    ...(registry?.tags === undefined ? [] : majorLine(workload, story)),
    ...(rows.length > 0 ? [table(head, rows, look.paint)] : []),
    ...(count > 0 ? [`and ${count} more: ${leftOutText(leftOut)} (--all shows them)`] : []),
  ];
}

const placeOf = ({ source }: SlotReport): string =>
  source === undefined || isOci(source) ? "registry" : "chart repository";

/** What another policy would do about a range. */
function majorLine({ settings }: Workload, { range }: SlotReport): string[] {
  if (!range || settings && definitionOf(settings.policy).raisesRanges) return [];
  const { major } = range;
  const what = major ? `${major.range}, which takes in ${major.version}` : "nothing else now";
  return [visible(`policy ${RANGE_POLICY.name} would make of it ${what}`)];
}

function firstLine({ plugin, carrier }: Workload, story: SlotReport, { paint, now }: Look): string {
  const { container, type, image, source, range, change, together } = story;
  const kind = type === "chart" ? "" : plugin.podTemplate === undefined ? "image " : "container ";
  const resolved = range?.resolved ? ` (${visible(range.resolved)} now)` : "";
  const from = source ? ` from ${visible(source)}` : "";
  const says = carrier ? `, as ${carrier.resource.kind} ${carrier.namespace}/${carrier.name} says` : "";
  const runs = `${kind}${paint(container, "bold")} runs ${visible(image)}${resolved}${from}${says}`;
  const moves = together ? `; moves together with ${visible(namesText(together))}` : "";
  if (!change) return runs + moves;
  const how = change.rollback ? `rolled back to by ${actorText(change.rollback.by)}` : "brought in by Headwind";
  const since = visible(`${how} ${age(change.timestamp, now)} ago${change.verified ? ", verified" : ""}`);
  return `${runs}, ${since}${moves}`;
}

const colours: Partial<Record<State, Colour>> = {
  "runs": "green",
  "waits": "yellow",
  "approved": "cyan",
  "verifying": "cyan",
  "unseen": "yellow",
  "held": "red",
  "rejected": "red",
  "failed": "red",
  "rolled back": "red",
  "filtered": "dim",
};
