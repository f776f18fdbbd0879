import type { Attack } from "./attack.ts";
import { dialled } from "./dialled.ts";

/** Heads that are begun and never ended, on each port. */
export default {
  name: "half_heads",
  begin({ operator }, signal) {
    for (const url of [operator.webhook, operator.api, operator.metrics]) {
      dialled(url, 600, "POST /webhook/registry HTTP/1.1\r\nHost: headwind\r\nX-Slow: ", signal);
    }
    return Promise.resolve();
  },
} satisfies Attack;
