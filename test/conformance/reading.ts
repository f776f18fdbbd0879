import { references } from "../../core/versions/reference.ts";
import * as z from "zod";
import type { TriggerPlugin, WebhookReading } from "../../core/plugin.ts";

/** A call of a webhook. */
export interface Call {
  body: unknown;
  headers?: Record<string, string>;
  /** Behind the path of the route, such as `?source=a`. */
  query?: string;
}

export type Outcome =
  | { refused: false; reading: WebhookReading }
  | { refused: true; field: string; message: string };

class Refusal extends Error {}

/** Reads one call, as core has it read. Throws what the plugin throws, but for its refusal, and where it changes the body. */
export function readOnce({ webhook }: TriggerPlugin, { body, headers = {}, query = "" }: Call): Outcome {
  const { path, read } = webhook!;
  let told: { field: string; message: string } | undefined;
  const refuse = (field: string, message: string): never => {
    told = { field, message };
    throw new Refusal(message);
  };
  const url = new URL(`http://127.0.0.1:8080${path}${query}`);
  try {
    const given = structuredClone(body);
    const reading = read({ body: given, headers: new Headers(headers), url, z, references, refuse });
    if (reading instanceof Promise) {
      reading.catch(() => {});
      throw new Error("it gives a promise, where the reading itself is wanted");
    }
    if (JSON.stringify(given) !== JSON.stringify(body)) throw new Error("it changes the body");
    if (told) throw new Error(`it went on after it had refused the call: ${told.message}`);
    return { refused: false, reading };
  } catch (error) {
    if (!(error instanceof Refusal) || !told) throw error;
    return { refused: true, ...told };
  }
}
