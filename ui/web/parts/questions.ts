import type { Condition, UpdateRequest, Workload } from "../../../core/web.ts";
import { type Html, html } from "../html.ts";
import { sentence } from "./sentence.ts";
import { SIGNS } from "./looks.ts";
import { status } from "./status.ts";
import { table } from "./table.ts";
import { time } from "./time.ts";

const LOOKS = {
  True: { word: "yes", ...SIGNS.good },
  False: { word: "no", icon: "x", tone: "warn" },
  Unknown: { word: "not known", icon: "question", tone: "quiet" },
} as const;

/** What is known of an update, question by question, and what its workload is checked by. */
export function questions({ status: { conditions = [] } = {} }: UpdateRequest, workload: Workload | undefined): Html {
  const checks = Object.keys(workload?.checks ?? {});
  return html`
    <h2>Checks</h2>
    ${conditions.length === 0 ? html`<p>Nothing was checked yet.</p>` : table({
      id: "conditions",
      caption: "What is known of the update",
      columns: [{ name: "Question" }, { name: "Answer" }, { name: "Why" }, { name: "Since" }],
      rows: conditions.map((condition) => ({ id: `condition-${condition.type}`, cells: cells(condition) })),
    })}${checks.length === 0
      ? ""
      : html`<p class="hint">While it is verified: ${
        checks.map((name, at) => html`${at > 0 ? ", " : ""}<code>${name}</code>`)
      }</p>`}
  `;
}

const cells = ({ type, status: answer, message, reason, lastTransitionTime }: Condition): (Html | string)[] => [
  type,
  status(LOOKS[answer] ?? LOOKS.Unknown),
  sentence(message || reason),
  time(lastTransitionTime),
];
