import type { Format } from "./format.ts";
import { list, once, parse } from "./parse.ts";
import { readEvent } from "./event.ts";

const envelope = once((z) => z.object({ events: list(z, z.unknown()) }));

/**
 * Notifications of the CNCF's distribution, and so of GitLab's registry (`registry['notifications']` in `gitlab.rb`).
 *
 * Source: https://distribution.github.io/distribution/about/notifications/ and its `notifications/event.go`
 */
export const distribution: Format = {
  recognises: (body) => "events" in body,
  read: (body, call) =>
    parse(envelope(call.z), body, call).events.map((event, index) => readEvent(event, call, `events.${index}`)),
};
