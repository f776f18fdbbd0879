import { COMMENT } from "./field.ts";
import { type Html, html } from "../html.ts";
import { icon } from "./icon.ts";
import { time } from "./time.ts";
import { updatePath, workloadPath } from "../paths.ts";
import { type UpdateRequest, type UpdateRow } from "../../../core/web.ts";

export interface Asked {
  row: UpdateRow;
  request: UpdateRequest;
  mayDecide: boolean;
  mayChange: boolean;
  /** Whether they may have it made anew. */
  mayRetry: boolean;
}

/** What is asked of the reader of an update: one thing first, and nothing that they may not do. */
export function askedOf({ row, request, mayDecide, mayChange, mayRetry }: Asked): Html {
  if (row.isUndecided) return mayDecide ? decisionForm(row) : notYours();
  if (row.decided) {
    return saidBy(row.decided, html`${mayChange ? nextStep(row, request) : ""}${mayRetry ? retryForm(row) : ""}`);
  }
  return html`${mayChange ? nextStep(row, request) : ""}${mayRetry ? retryForm(row) : ""}`;
}

/** Approving comes first; a comment goes with either. */
function decisionForm(row: UpdateRow): Html {
  const path = updatePath(row);
  return html`
    <h2>Decide</h2>
    <form id="decide" method="post" action="${path}/approve" class="decide">
      <label for="comment">${COMMENT.label}</label>
      <input id="comment" name="${COMMENT.name}" type="text" maxlength="${COMMENT.longest}" autocomplete="off">
      <div class="buttons">
        <button id="approve" class="primary" data-key="a">${icon("check")}Approve</button>
        <button id="reject" class="danger" data-key="r" formaction="${path}/reject">${icon("x")}Reject</button>
      </div>
      <p class="hint">A version that is rejected is not offered again.</p>
    </form>
  `;
}

const notYours = (): Html =>
  html`<p>It waits for somebody who may approve it: <a href="/rights">why you may not</a>.</p>`;

function saidBy({ approved, by, via, reason, at }: NonNullable<UpdateRow["decided"]>, next: Html | string): Html {
  return html`
    <p id="said">
      ${approved ? "Approved" : "Rejected"} by <b>${by}</b> ${via ? html`(${via})` : ""} ${at ? time(at) : ""}
    </p>
    ${reason ? html`<blockquote>${reason}</blockquote>` : ""}
    ${next}
  `;
}

/** What can still be done: take it back while it is verified or runs, let it go where it is held. */
function nextStep(row: UpdateRow, { spec: { targetRef } }: UpdateRequest): Html {
  const workload = workloadPath(targetRef);
  if (row.phase === "Verifying" || row.phase === "Completed") {
    return html`<p><a class="button" href="${workload}#history">${icon("undo")}Roll back</a></p>`;
  }
  if (row.phase === "Held" || row.phase === "RolledBack") {
    return html`<p><a class="button" href="${workload}#holds">${icon("play")}Resume</a></p>`;
  }
  return html``;
}

/** It is deleted and made again, without its decision; what holds its version is let go. */
const retryForm = (row: UpdateRow): Html =>
  html`
    <form id="retry" method="post" action="${updatePath(row)}/retry">
      <button>${icon("sync")}Retry</button>
      <span class="hint">It is made anew, without its decision; what holds its version is let go.</span>
    </form>
  `;
