/** One array of several. */
export function concatBytes<B extends ArrayBufferLike>(parts: readonly Uint8Array<B>[]): Uint8Array<B | ArrayBuffer> {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * All bytes of a stream, or undefined where there are more than `most`: then it is cancelled.
 *
 * @param onChunk Waited for before the next chunk is read; gets how many bytes came.
 */
export async function readUpTo(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  most: number,
  onChunk?: (bytes: number) => Promise<void>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = stream?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader!.read()) {
    size += part.value.length;
    if (size > most) {
      await reader!.cancel();
      return undefined;
    }
    if (onChunk) await onChunk(part.value.length);
    chunks.push(part.value);
  }
  return concatBytes(chunks);
}

/**
 * The text of these bytes.
 *
 * @throws where they are no UTF-8
 */
export const decodeUtf8 = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** Base64 of a text in UTF-8. */
export const encodeBase64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/**
 * The bytes that a text in base64 stands for.
 *
 * @throws where it is none
 */
export const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
