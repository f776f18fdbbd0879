import { type Html, html } from "../html.ts";
import type { RegistryReport } from "../../../core/web.ts";
import { time } from "./time.ts";

/** Whose checks are shown: each replica knows its own, and one of them polls. */
export function polledHere({ polling, lastPollAt }: Pick<RegistryReport, "polling" | "lastPollAt">): Html {
  if (polling.here) {
    return html`This replica polls${lastPollAt === undefined ? "" : html`; its last poll was ${time(lastPollAt)}`}.`;
  }
  return html`Checks are those that this replica made: ${
    polling.by ? html`<b>${polling.by}</b> polls now` : "no replica polls now"
  }.`;
}
