export interface WholeAnswer {
  status: number;
  /** `content-type` */
  type: string;
  text: string;
}

/** A day of all charts is a tenth of it. */
const MAX_MIB = 4;
/** Lists and objects, of which a short text may hold a million. */
const MAX_PARTS = 100_000;
const MAX_WORDS = 200;

/**
 * An answer with all of its body.
 *
 * @throws in words that hold no address, where there is none, or its body is longer than anything that was asked for
 */
export async function wholeAnswer(
  title: string,
  call: () => Promise<Response>,
  signal: AbortSignal,
): Promise<WholeAnswer> {
  const read = async () => {
    const response = await call();
    return { response, text: await textOf(response) };
  };
  const { response: { status, headers }, text } = await read().catch(() => {
    signal.throwIfAborted();
    // the runtime's own words differ, and hold the URL
    throw new Error(`${title} cannot be reached`);
  });
  if (text === undefined) throw new Error(`${title} answered with more than ${MAX_MIB} MiB`);
  return { status, type: headers.get("content-type") ?? "", text };
}

/** What a backend says of its own refusal, behind a colon. */
export const words = (text: unknown): string => typeof text === "string" && text ? `: ${text.slice(0, MAX_WORDS)}` : "";

/**
 * An object in JSON; undefined for anything else.
 *
 * @throws in words where it has more parts than anything that is asked for
 */
export function jsonObject(title: string, text: string): Record<string, unknown> | undefined {
  if (partsOf(text) > MAX_PARTS) throw new Error(`${title} answered with more than ${MAX_PARTS} lists and objects`);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

/** The body, or undefined if it is longer than it may be: then it is cancelled. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > MAX_MIB * 1024 * 1024) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function partsOf(text: string): number {
  let parts = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) parts++;
  }
  return parts;
}
