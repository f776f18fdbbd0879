import { COMMENT } from "./field.ts";
import { type Html, html } from "../html.ts";

/**
 * What is done with the rows that are ticked, which stand elsewhere on the page and name this form. It is hidden while there is
 * none to tick.
 */
export const decideMany = (): Html =>
  html`
    <form id="decide" class="decide" method="post" action="/actions/decide_many" hx-post="/actions/decide_many"
      hx-target="#notice" hx-swap="innerHTML" hx-sync="this:drop">
      <label class="all with-script" for="tick-all"><input type="checkbox" id="tick-all" data-tick-all> All shown</label>
      <label class="comment" for="decide-comment"><span class="name">Comment</span>
        <input id="decide-comment" name="${COMMENT.name}" maxlength="${COMMENT.longest}" autocomplete="off"></label>
      <button class="primary" name="verdict" value="approve" data-action="approve"
        data-ticked="Approve">Approve those ticked</button>
      <button name="verdict" value="reject" data-action="reject" data-ticked="Reject">Reject those ticked</button>
    </form>
  `;
