import { isSameVersion, readReference } from "../../core/updates/compare.ts";
import type { Hold } from "../../core/updates/holds.ts";
import { versionText } from "./version_text.ts";

/** Whether a hold is of a version that is named by its tag or as a whole image; one of everything is of none. */
export function isHeldAs({ image }: Hold, version: string): boolean {
  return image !== undefined && (isSameVersion(image, version) || readReference(image)?.tag === version);
}

/** What is held, in a word. */
export const heldText = ({ image }: Hold): string => image === undefined ? "everything" : versionText(image);
