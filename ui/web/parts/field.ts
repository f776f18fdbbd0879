import { type Html, html } from "../html.ts";

/** A field of a form in which people type. */
export interface Question {
  name: string;
  label: string;
  /** What errors call it, where that is another name. */
  called?: string;
  /** Characters. */
  longest: number;
  /** It names something, and is no prose. */
  isName?: boolean;
}

/** Goes with a yes as with a no; as long as `spec.decision.reason` may be. */
export const COMMENT: Question = {
  name: "comment",
  label: "Comment, which everybody who reads the update sees",
  called: "reason",
  longest: 1024,
};

/** A field with its label; with what is wrong with it, where that is known. */
export function field(
  { name, label, longest, isName }: Question,
  { id, value = "", problem }: { id: string; value?: string; problem?: Html },
): Html {
  const wrong = problem === undefined ? "" : html`aria-invalid="true" aria-describedby="${id}-problem"`;
  return html`
    <label for="${id}">${label}
      <input id="${id}" name="${name}" type="text" value="${value}" maxlength="${longest}" autocomplete="off"
        ${isName ? html`spellcheck="false"` : ""} ${wrong}></label>
    ${problem === undefined ? "" : html`<p class="problem" id="${id}-problem">${problem}</p>`}
  `;
}
