import { isSameVersion } from "../../core/versions/compare.ts";
import { readHistory } from "../../core/requests/history.ts";
import { type Hold, readHolds } from "../../core/requests/holds.ts";
import type { WorkloadView } from "./change.ts";
import { calledShort } from "./people.ts";
import { shortened, versionOf } from "./version.ts";

/** What is or was held for a container, and how that came, a few words each, newest first. */
export function heldOf({ annotations }: Pick<WorkloadView, "annotations">, container: string): string[] {
  const history = readHistory(annotations["update-history"]).filter((entry) => entry.container === container);
  const backFrom = (image: string) => history.find(({ rollback }) => rollback && isSameVersion(rollback.of, image));
  const words = ({ image, by, resumedBy }: Hold): string => {
    if (image === undefined) return `all versions, by ${calledShort(by)}`;
    const back = backFrom(image);
    const how = back
      ? `rolled back to ${shortened(versionOf(back.image))}`
      : `left by ${by === "person" ? "a person" : calledShort(by)}`;
    const until = resumedBy === undefined ? "" : `, until ${calledShort(resumedBy)} resumed`;
    return `${shortened(versionOf(image))}, ${how}${until}`;
  };
  return readHolds(annotations.held).filter((hold) => hold.container === container).map(words);
}
