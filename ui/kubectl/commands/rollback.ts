import {
  type HistoryEntry,
  isSameVersion,
  namedTarget,
  namesText,
  readAs,
  readHistory,
  resumeOf,
  rollBackManually,
  versionText,
  writtenHolds,
} from "../../../core/ui.ts";
import type { Slot } from "../../../core/plugin.ts";
import { changeAll } from "../by_hand.ts";
import type { Command } from "../command.ts";
import { dryMark } from "../cluster.ts";
import { containerArguments, containersMeant, theOne } from "../containers.ts";
import { Failure } from "../errors.ts";
import { findWorkload } from "../find_objects.ts";
import { commandFor } from "../advice.ts";

export default {
  name: "rollback",
  summary: "Takes a container back to a version of its history, and holds the one it leaves",
  about:
    "Without --to it goes to what ran before; those that run the same version of the same repository go with it. The version that is left is not offered again until somebody resumes.",
  arguments: containerArguments,
  flags: [
    {
      name: "to",
      value: "IMAGE|TAG",
      help: "a version of the history; of a chart its version",
      offer: "version of the history",
    },
    { name: "reason", value: "TEXT", help: "why, for the others" },
  ],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: [
    "rollback deployment/web",
    "rollback web app --to 1.2.0 --reason 'slow start'",
    "rollback hr/podinfo chart --to 6.3.0",
  ],
  async run(call) {
    const cluster = await call.cluster();
    const workload = await findWorkload(cluster, call.argument("WORKLOAD")!);
    const history = readHistory(workload.annotations.history);
    const meant = call.argument("CONTAINER") === undefined
      ? workload.slots.filter(({ name }) => history.some(({ container }) => container === name))
      : containersMeant(workload, call.argument("CONTAINER"));
    const slot = theOne(workload, meant, "that Headwind has changed");
    const [to, reason] = [call.value("to"), call.value("reason")];
    if (namedTarget(workload.annotations.history, slot.name, slot.current, to) === undefined) {
      throw new Failure(noTarget(history, slot, to));
    }
    const wanted = { container: slot.name, image: to, reason };
    return await changeAll(
      { cluster, workload, change: rollBackManually, wanted: [wanted] },
      (name, { workload, containers = [slot.name], from, to }) => {
        const [left, now] = [versionText(from), versionText(to)];
        const active = writtenHolds(workload, slot);
        const resume = call.advise(...commandFor(resumeOf({ workload, slot, image: from, active })));
        const what = `${namesText(containers)} ${left} → ${now}`;
        return `${name} rolled back${dryMark(cluster)}: ${what}; ${left} is held until ${resume}`;
      },
    );
  },
} satisfies Command;

function noTarget(history: readonly HistoryEntry[], slot: Slot, to: string | undefined): string {
  const images = history.filter(({ container }) => container === slot.name)
    .flatMap(({ image, previousImage }) => [image, previousImage ?? image])
    .filter((image) => !isSameVersion(image, slot.current));
  const known = [...new Set(images.map(versionText))];
  if (to !== undefined && known.length > 0) {
    const runs = isSameVersion(slot.current, to) || readAs(slot, slot.current)?.tag === to;
    const why = runs ? `${slot.name} runs ${to} already` : `the history of ${slot.name} knows no ${to}`;
    return `${why}: ${runs ? "the history" : "it"} knows ${known.join(", ")}`;
  }
  const otherwise = slot.type === "chart" || slot.prefix !== ""
    ? "an older version that is written by hand goes back too"
    : "kubectl rollout undo goes back too";
  return `the history of ${slot.name} knows nothing to go back to from ${versionText(slot.current)}: ` +
    `${otherwise}, and Headwind holds what it leaves`;
}
