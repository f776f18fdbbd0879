import {
  actorText,
  isOci,
  leftOutText,
  namesText,
  shorten,
  type SlotReport,
  type VersionReport,
  type Workload,
} from "../../../core/web.ts";
import { type Html, html } from "../html.ts";
import { image } from "./image.ts";
import { lookOfVersion } from "./looks.ts";
import { sentence } from "./sentence.ts";
import { status } from "./status.ts";
import { notice } from "./notice.ts";
import { table } from "./table.ts";
import { time } from "./time.ts";
import { updatePath } from "../paths.ts";

/** Why each version of a container is taken or not: what `kubectl headwind why` says. */
export function slotStory(
  story: SlotReport,
  { workload, path, all }: { workload: Workload; path: string; all: boolean },
): Html {
  const { container, type, versions, held, nothing, registry, together, range, source, change } = story;
  const { shown, leftOut } = all ? { shown: versions, leftOut: [] } : shorten(versions);
  const place = source === undefined || isOci(source) ? "registry" : "chart repository";
  return html`
    <h2>${type === "chart" ? "Chart" : html`Container ${container}`}</h2>
    <p>Runs ${image(story.image)}${range?.resolved
      ? html`
        (${range.resolved} now)
      `
      : ""} ${source ? html`from ${source}` : ""} ${change
      ? html`<span class="why">${
        change.rollback ? `rolled back to by ${actorText(change.rollback.by)}` : "brought in by Headwind"
      } ${time(change.timestamp)}${change.verified ? ", verified" : ""}</span>`
      : ""} ${together ? html`<span class="why">moves together with ${namesText(together)}</span>` : ""}</p>
    ${held ? notice("warn", sentence(held)) : ""}
    ${nothing ? notice("quiet", sentence(nothing)) : ""}
    ${registry?.unreachable ? notice("bad", `The ${place} was not read: ${registry.unreachable}`) : ""}
    ${(registry?.warnings ?? []).map((warning) => notice("warn", warning))}
    ${shown.length === 0 ? "" : table({
      id: `versions-${container}`,
      caption: `Versions of ${container}`,
      columns: [{ name: "Version", look: "narrow" }, { name: "State", look: "narrow" }, { name: "Why" }],
      rows: shown.map((version) => ({
        id: `version-${container}-${version.version}`,
        cells: cellsOf(version, workload),
      })),
    })}
    ${leftOut.length === 0 ? "" : html`
      <p class="hint">And ${leftOutText(leftOut)}:
        <a href="${path}?versions=all">show all versions</a></p>
    `}
  `;
}

function cellsOf({ version, state, why, updateRequest }: VersionReport, { namespace }: Workload): (Html | string)[] {
  return [
    updateRequest ? html`<a href="${updatePath({ namespace, name: updateRequest })}">${version}</a>` : version,
    status(lookOfVersion(state)),
    sentence(why),
  ];
}
