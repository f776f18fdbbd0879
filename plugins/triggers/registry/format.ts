import type { WebhookCall } from "../../../core/plugin.ts";

/** A tag that was pushed. */
export interface Push {
  /** Canonical, such as `docker.io/library/nginx`. */
  repository: string;
  tag: string;
  digest?: string | undefined;
  /** RFC 3339: when, as far as the body tells. */
  at?: string | undefined;
  /** Those of the manifest and of what it names, as far as the body tells them. */
  mediaTypes?: readonly (string | null | undefined)[];
}

/** What a body tells of; as a sentence where it was understood and leads to nothing. */
export type Finding = Push | string;

/** A format of webhook bodies. */
export interface Format {
  /** Whether a body is of this format, be it right or wrong. */
  recognises(body: Record<string, unknown>, headers: Headers): boolean;
  /** Ends the call by `refuse` at the first field that is wrong. */
  read(body: Record<string, unknown>, call: WebhookCall): Finding[];
}

export const untagged = "a push without a tag: a layer, or a manifest that is named by its digest";

/** For a text of the body within a sentence: in quotes, and not too long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
