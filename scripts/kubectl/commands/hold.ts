import { holdByHand } from "../../../core/updates/by_hand.ts";
import { isTag } from "../../../core/image/reference.ts";
import { readImage, sameRepository } from "../../../core/updates/compare.ts";
import type { Slot } from "../../../core/plugin.ts";
import type { Workload } from "../../../core/match/workload.ts";
import { changeByHand, type Changed } from "../by_hand.ts";
import type { Command } from "../command.ts";
import { dryMark } from "../cluster.ts";
import { containersMeant, theOne } from "../containers.ts";
import { Failure } from "../errors.ts";
import { findWorkload } from "../find_workload.ts";
import { fullName, shortName } from "../kinds.ts";
import { versionText } from "../version_text.ts";

export default {
  name: "hold",
  summary: "Keeps a version, or all of them, from being offered",
  about: "Without --version everything is held, for the container or for all containers. What runs is left as it is.",
  arguments: [
    { name: "WORKLOAD", offer: "workload" },
    { name: "CONTAINER", optional: true, offer: "container" },
  ],
  flags: [
    { name: "version", value: "IMAGE|TAG", help: "this version only", offer: "offered version" },
    { name: "reason", value: "TEXT", help: "why, for the others" },
  ],
  formats: ["name", "json", "yaml"],
  writes: true,
  examples: ["hold deployment/web --reason 'release freeze'", "hold web app --version 1.3.0"],
  async run(call) {
    const cluster = await call.cluster();
    const workload = await findWorkload(cluster, call.argument("WORKLOAD")!);
    const [version, reason] = [call.value("version"), call.value("reason")];
    const slots = slotsToHold(workload, call.argument("CONTAINER"), version);
    const short = shortName(workload.plugin, workload.name);
    if (!workload.settings) {
      call.note(`Headwind does not look after ${short}: it has no headwind.sh/policy that can be read`);
    }
    const by = await cluster.me();
    let changed: Changed | undefined;
    for (const { name } of slots) {
      const wish = { container: name, by, ...(version ? { image: version } : {}), ...(reason ? { reason } : {}) };
      changed = await changeByHand(cluster, workload, [], holdByHand, wish);
    }
    const what = version === undefined ? "everything" : isTag(version) ? version : versionText(version);
    const name = fullName(workload.plugin, workload.name);
    const whose = slots.map((slot) => slot.name).join(", ");
    const resume = `kubectl headwind resume ${short}${version === undefined ? "" : ` --version ${version}`}`;
    return {
      data: changed!.object,
      names: [name],
      text: () => `${name} holds ${what}${dryMark(cluster)} for ${whose}, until ${resume}`,
    };
  },
} satisfies Command;

/** A tag says nothing of which container is meant; an image does. */
function slotsToHold(workload: Workload, container: string | undefined, version: string | undefined): Slot[] {
  const meant = containersMeant(workload, container);
  if (version === undefined) {
    if (meant.length === 0) throw new Failure(`Headwind looks after no container of ${workload.name}`);
    return meant;
  }
  if (isTag(version)) return [theOne(workload, meant, "that Headwind looks after")];
  if (!readImage(version)) throw new Failure(`${version} is neither an image nor a tag`);
  const same = meant.filter(({ current }) => sameRepository(current, version));
  return [theOne(workload, same, `of the repository of ${version}`)];
}
