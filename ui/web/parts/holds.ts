import { actorText, heldText, type Hold, type Workload } from "../../../core/web.ts";
import { field, type Question } from "./field.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";
import { table } from "./table.ts";
import { time } from "./time.ts";

export interface Holds {
  path: string;
  workload: Workload;
  holds: readonly Hold[];
  mayChange: boolean;
}

/** What is held of a workload, by whom and why, with what lets it go. */
export function holdsTable({ path, holds, mayChange }: Holds): Html {
  if (holds.length === 0) return html`<p>Nothing is held.</p>`;
  return table({
    id: "holds-table",
    caption: "What is held",
    columns: [
      { name: "Container" },
      { name: "Version" },
      { name: "By" },
      { name: "Why" },
      { name: "Since", look: "narrow" },
      ...(mayChange ? [{ name: "Resume", look: "hidden" as const }] : []),
    ],
    rows: holds.map((hold, at) => ({
      id: `hold-${hold.container}-${heldText(hold)}`,
      cells: [
        hold.container,
        heldText(hold),
        actorText(hold.by),
        hold.reason,
        time(hold.at),
        ...(mayChange ? [resumeForm(path, hold, at)] : []),
      ],
    })),
  });
}

const resumeForm = (path: string, hold: Hold, at: number): Html =>
  html`
    <form method="post" action="${path}/resume" id="resume-${at}">
      <input type="hidden" name="container" value="${hold.container}">
      ${hold.image === undefined ? "" : html`<input type="hidden" name="image" value="${hold.image}">`}
      <button aria-label="Resume ${heldText(hold)} of ${hold.container}">${icon("play")}Resume</button>
    </form>
  `;

const CONTAINER: Question = { name: "container", label: "Container", longest: 63, isName: true };
const VERSION: Question = {
  name: "image",
  label: "Version; without one everything is held",
  longest: 512,
  isName: true,
};
const WHY: Question = { name: "reason", label: "Why", longest: 1024 };
/** What is asked of somebody who holds something. */
export const HOLD_QUESTIONS: readonly Question[] = [CONTAINER, VERSION, WHY];

/** Keeps a version, or everything, from being offered. */
export const holdForm = ({ path, workload }: Pick<Holds, "path" | "workload">): Html =>
  html`
    <details id="hold-details">
      <summary>Hold a version, or everything</summary>
      <form method="post" action="${path}/hold" id="hold-form" class="stacked">
        <label for="hold-container">${CONTAINER.label}
          <select id="hold-container" name="container">${workload.slots.map(({ name }) =>
            html`<option value="${name}">${name}</option>`
          )}</select></label>
        ${[VERSION, WHY].map((question) => field(question, { id: `hold-${question.name}` }))}
        <button>${icon("lock")}Hold</button>
      </form>
    </details>
  `;
