import type { Format } from "./format.ts";
import { readEvent } from "./event.ts";

/**
 * Webhooks of Azure Container Registry: one of distribution's events, without an envelope. `chart_push` is of its old
 * chart repositories, and names no host; a chart that was pushed as OCI comes as a `push`.
 *
 * Source: https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference
 */
export const acr: Format = {
  recognises: (body) => "target" in body || body.action === "ping",
  read: (body, call) => [readEvent(body, call)],
};
