import type { Slot } from "../../core/plugin.ts";
import { type Action, readAs, type Resume, sameRepository } from "../../core/ui.ts";
import { shortName } from "./kinds.ts";

/** The words of the command that does it. */
export function commandFor(action: Action): string[] {
  return action.type === "resume" ? resumeWords(action) : [action.type, action.updateRequest];
}

function resumeWords({ workload, slot, image }: Resume): string[] {
  return [
    "resume",
    shortName(workload.plugin, workload.name),
    ...(workload.slots.length > 1 ? [slot.name] : []),
    ...(image === undefined ? [] : ["--version", versionArgument(slot, image)]),
  ];
}

/** What `--version` takes: a tag or a chart's version where that tells it from others, else the whole image. */
function versionArgument(slot: Slot, image: string): string {
  const read = readAs(slot, image);
  const isTag = read?.tag !== undefined && read.digest === undefined && sameRepository(image, slot.current);
  return isTag ? read.tag! : image;
}
