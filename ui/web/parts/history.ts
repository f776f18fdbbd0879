import { actorText, HEADWIND, historyReport, versionText } from "../../../core/web.ts";
import type { Holds } from "./holds.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";
import { imageChange } from "./image.ts";
import { SIGNS } from "./looks.ts";
import { status } from "./status.ts";
import { table } from "./table.ts";
import { time } from "./time.ts";
import { updatePath } from "../paths.ts";

/** The changes that Headwind made to a workload, newest first, with what takes it back to each. */
export function historyTable({ path, workload, holds, mayChange }: Holds): Html {
  const rows = historyReport(workload, holds);
  if (rows.length === 0) return html`<p>Headwind has not changed it yet.</p>`;
  const { namespace, slots } = workload;
  // an older change may have brought what runs now too
  const isRunning = ({ container, image }: typeof rows[number]) =>
    rows.some((other) => other.runs && other.container === container && other.image === image);
  return html`
    ${table({
      id: "history-table",
      caption: "Changes, newest first",
      columns: [
        { name: "Container" },
        { name: "Change" },
        { name: "State" },
        { name: "By" },
        { name: "When", look: "narrow" },
        ...(mayChange ? [{ name: "Roll back", look: "hidden" as const }] : []),
      ],
      rows: rows.map((row, at) => ({
        id: `change-${row.container}-${row.timestamp}`,
        cells: [
          row.container,
          html`${row.previousImage ? imageChange(row.previousImage, row.image) : versionText(row.image)} ${
            row.rollback ? html`<span class="why">rolled back: ${row.rollback.reason}</span>` : ""
          }`,
          stateOf(row),
          html`${actorText(row.rollback?.by ?? row.approvedBy ?? HEADWIND)} ${
            row.updateRequestName
              ? html`<a href="${updatePath({ namespace, name: row.updateRequestName })}">update</a>`
              : ""
          }`,
          time(row.timestamp),
          ...(mayChange
            ? [
              isRunning(row) || row.held || !slots.some(({ name }) => name === row.container)
                ? ""
                : rollbackForm(path, row.container, row.image, at),
            ]
            : []),
        ],
      })),
    })}
  `;
}

function stateOf({ runs, held, verified }: { runs: boolean; held: boolean; verified?: boolean }): Html {
  if (held) return status({ word: "held", ...SIGNS.held });
  if (runs && verified) return status({ word: "runs, verified", ...SIGNS.good });
  if (runs) return status({ word: "runs", ...SIGNS.yes });
  return status({ word: "left", ...SIGNS.past });
}

const rollbackForm = (path: string, container: string, image: string, at: number): Html =>
  html`
    <form method="post" action="${path}/rollback" id="rollback-${at}">
      <input type="hidden" name="container" value="${container}">
      <input type="hidden" name="image" value="${image}">
      <button aria-label="Roll back to ${versionText(image)}, container ${container}">${icon(
        "undo",
      )}Roll back to ${versionText(
        image,
      )}</button>
    </form>
  `;
