import type { Attack } from "./attack.ts";
import { dialled } from "./dialled.ts";

/** Connections that ask once and are kept, and such that never ask. */
export default {
  name: "idle_connections",
  begin({ operator }, signal) {
    for (const url of [operator.webhook, operator.api]) {
      dialled(url, 300, "GET /healthz HTTP/1.1\r\nHost: headwind\r\n\r\n", signal);
      dialled(url, 300, "", signal);
    }
    return Promise.resolve();
  },
} satisfies Attack;
