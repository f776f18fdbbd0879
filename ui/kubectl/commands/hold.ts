import {
  holdManually,
  isTag,
  namesText,
  readAs,
  resumeOf,
  sameRepository,
  versionOf,
  versionText,
  type Workload,
  writtenHolds,
} from "../../../core/ui.ts";
import type { Slot } from "../../../core/plugin.ts";
import { changeAll } from "../by_hand.ts";
import type { Command } from "../command.ts";
import { dryMark } from "../cluster.ts";
import { containerArguments, containersMeant, slotWord, theOne } from "../containers.ts";
import { Failure } from "../errors.ts";
import { commandFor } from "../advice.ts";
import { findWorkload } from "../find_objects.ts";
import { shortName } from "../kinds.ts";

export default {
  name: "hold",
  summary: "Keeps a version, or all of them, from being offered",
  about: "Without --version everything is held, for the container or for all containers. What runs is left as it is.",
  arguments: containerArguments,
  flags: [
    {
      name: "version",
      value: "IMAGE|TAG",
      help: "this version only; of a chart its version",
      offer: "offered version",
    },
    { name: "reason", value: "TEXT", help: "why, for the others" },
  ],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: [
    "hold deployment/web --reason 'release freeze'",
    "hold web app --version 1.3.0",
    "hold hr/podinfo chart --version 6.3.0",
  ],
  async run(call) {
    const cluster = await call.cluster();
    const workload = await findWorkload(cluster, call.argument("WORKLOAD")!);
    const [version, reason] = [call.value("version"), call.value("reason")];
    const slots = slotsToHold(workload, call.argument("CONTAINER"), version);
    const short = shortName(workload.plugin, workload.name);
    if (!workload.settings) {
      call.note(`Headwind does not look after ${short}: it has no headwind.sh/policy that can be read`);
    }
    const [first, ...others] = slots.map(({ name }) => ({ container: name, image: version, reason }));
    const what = version === undefined ? "everything" : namesReference(version) ? versionText(version) : version;
    return await changeAll(
      { cluster, workload, change: holdManually, wanted: [first!, ...others] },
      (name, { workload, containers = [slots[0]!.name] }) => {
        const whose = slots.length > 1 ? slots.map(({ name }) => name) : containers;
        const resume = call.advise(...letGo(workload, slots));
        return `${name} holds ${what}${dryMark(cluster)} for ${namesText(whose)}, until ${resume}`;
      },
    );
  },
} satisfies Command;

/** The command that undoes the holds that have just been written, the first of each container. */
function letGo(workload: Workload, slots: readonly Slot[]): string[] {
  const [slot, ...others] = slots;
  if (others.length > 0) return ["resume", shortName(workload.plugin, workload.name)];
  const active = writtenHolds(workload, slot!);
  return commandFor(resumeOf({ workload, slot: slot!, image: active[0]?.image ?? slot!.current, active }));
}

/** A version alone says nothing of which container is meant; a whole image does, and so does a chart with its version. */
function slotsToHold(workload: Workload, container: string | undefined, version: string | undefined): Slot[] {
  const meant = containersMeant(workload, container);
  if (meant.length === 0) throw new Failure(`Headwind looks after no ${slotWord(workload)} of ${workload.name}`);
  if (version === undefined) return meant;
  if (namesReference(version)) {
    const same = meant.filter((slot) => readAs(slot, version) && sameRepository(slot.current, version));
    return [theOne(workload, same, `of the repository of ${version}`)];
  }
  const fit = meant.filter(({ type }) => type === "chart" ? versionOf(type, version) : isTag(version));
  if (fit.length > 0) return [theOne(workload, fit, "that Headwind looks after")];
  throw new Failure(`${version} is neither an image nor a tag, nor a chart's version`);
}

const namesReference = (version: string): boolean => /[:/@]/.test(version);
