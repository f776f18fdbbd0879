import { field, type Question } from "./field.ts";
import { type Html, html } from "../html.ts";
import { type Refusal, refusalNotice } from "../refusal.ts";

/** What people type for an action, and what its button says where that is asked for again. */
export interface Again {
  questions: readonly Question[];
  button(form: URLSearchParams): string;
}

/** A form that was refused. */
export interface Refused {
  refusal: Refusal;
  again: Again | undefined;
  /** What it said; undefined where it could not be read. */
  form: URLSearchParams | undefined;
  /** Where it was sent. */
  path: string;
  /** The page that it stood on. */
  from: string;
}

/**
 * Why something is not done, and the form once more with what was typed, the reason beside the field that it names. Where the same
 * would be refused again there is no form, and what was typed is there to be copied.
 */
export function askedAgain({ refusal, again, form, path, from }: Refused): Html {
  const typed = again?.questions.filter(({ name }) => form?.has(name)) ?? [];
  if (!again || !form || typed.length === 0) return refusalNotice(refusal);
  const named = typed.find(({ name, called = name }) => called === refusal.field);
  if (refusal.isFinal || (refusal.field !== undefined && !named)) {
    return html`${refusalNotice(refusal)}${written(typed, form)}`;
  }
  const others = [...form].filter(([name]) => name !== "from" && typed.every((question) => question.name !== name));
  return html`
    ${named ? "" : refusalNotice(refusal)}
    <form id="again" method="post" action="${path}" class="stacked">
      ${[...others, ["from", from]].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      ${typed.map((question) =>
        field(question, {
          id: `again-${question.name}`,
          value: form.get(question.name) ?? "",
          ...(question === named ? { problem: refusal.words } : {}),
        })
      )}
      <button class="primary">${again.button(form)}</button>
    </form>
  `;
}

function written(questions: readonly Question[], form: URLSearchParams): Html {
  const texts = questions.map(({ name }) => form.get(name)?.trim() ?? "").filter((text) => text !== "");
  if (texts.length === 0) return html``;
  return html`
    <p>What you wrote:</p>
    ${texts.map((text) => html`<blockquote>${text}</blockquote>`)}
  `;
}
