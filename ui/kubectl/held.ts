import { isSameVersion, readAs, readReference, sameRepository } from "../../core/versions/compare.ts";
import type { Hold } from "../../core/requests/holds.ts";
import { shortName } from "./kinds.ts";
import type { Slot } from "../../core/plugin.ts";
import { versionText } from "./version_text.ts";
import type { Workload } from "../../core/workloads/workload.ts";

/** Whether a hold is of a version that is named by its tag or as a whole image; one of everything is of none. */
export function isHeldAs({ image }: Hold, version: string): boolean {
  return image !== undefined && (isSameVersion(image, version) || readReference(image)?.tag === version);
}

/** What is held, in a word. */
export const heldText = ({ image }: Hold): string => image === undefined ? "everything" : versionText(image);

/**
 * The command that lets a version go which one of the holds that stand for its container holds. Where that is held with
 * everything else, it lets everything go.
 */
export function resumeWords(
  { workload, slot, image, active }: { workload: Workload; slot: Slot; image: string; active: readonly Hold[] },
): string[] {
  const holds = active.filter((hold) => hold.image === undefined || isSameVersion(hold.image, image));
  const others = workload.settings?.verification.holdAll ? active.length - holds.length : 0;
  const alone = holds.length > 0 && others === 0 && holds.every((hold) => hold.image !== undefined);
  return [
    "resume",
    shortName(workload.plugin, workload.name),
    ...(workload.slots.length > 1 ? [slot.name] : []),
    ...(alone ? ["--version", versionArgument(slot, image)] : []),
  ];
}

/** What `--version` takes: a tag or a chart's version where that tells it from others, else the whole image. */
function versionArgument(slot: Slot, image: string): string {
  const read = readAs(slot, image);
  const isTag = read?.tag !== undefined && read.digest === undefined && sameRepository(image, slot.current);
  return isTag ? read.tag! : image;
}
