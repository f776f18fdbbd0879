import { IndexError, truncated } from "./index_error.ts";
import { concatBytes } from "../../../lib/bytes.ts";

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** What is given to the decompressor at once: a bomb makes 1,000 bytes of one. */
const sliceBytes = 4096;

/**
 * The bytes of an index, decompressed where they are gzip without a header that says so, in chunks, checked to be UTF-8. At
 * most `limit` of them: then it throws an `IndexError`. An error of the stream is thrown as it is. The stream is cancelled
 * when the caller leaves, or something is thrown.
 */
export async function* readBytes(stream: ReadableStream<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    const head = await readHead(reader);
    const chunks = head[0] === 0x1f && head[1] === 0x8b ? gunzipped(head, reader) : rest(head, reader);
    const isUtf8 = utf8Check();
    let total = 0;
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > limit) throw new IndexError("too-large", `The index is larger than the limit of ${inMb(limit)}.`);
      if (!isUtf8(chunk)) throw notUtf8();
      yield chunk;
    }
    if (!isUtf8()) throw notUtf8();
  } finally {
    reader.cancel().catch(() => {});
  }
}

export const inMb = (bytes: number) => `${Number((bytes / 1e6).toFixed(1))} MB`;

const notUtf8 = () => new IndexError("encoding", "The index is not text in UTF-8.");

/** At least two bytes, unless there are fewer. */
async function readHead(reader: Reader): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < 2) {
    const { done, value } = await reader.read();
    if (done) break;
    head = concatBytes([head, value]);
  }
  return head;
}

async function* rest(head: Uint8Array, reader: Reader): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

async function* gunzipped(head: Uint8Array, reader: Reader): AsyncGenerator<Uint8Array> {
  const compressed = rest(head, reader);
  let waiting: Uint8Array = new Uint8Array();
  let ended = false;
  let broken: { error: unknown } | undefined;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      while (waiting.length === 0) {
        const next = await compressed.next().catch((error) => {
          broken = { error };
          throw error;
        });
        if (next.done) {
          ended = true;
          return controller.close();
        }
        waiting = next.value;
      }
      controller.enqueue(new Uint8Array(waiting.subarray(0, sliceBytes)));
      waiting = waiting.subarray(sliceBytes);
    },
  }, { highWaterMark: 0 });
  const output: Reader = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  const next = () =>
    output.read().catch(() => {
      if (broken) throw broken.error;
      throw ended ? truncated() : new IndexError("malformed", "The index is gzip data that is damaged.");
    });
  try {
    for (let read = await next(); !read.done; read = await next()) yield read.value;
  } finally {
    output.cancel().catch(() => {});
  }
}

/** Says of each chunk of a text whether it is all right as UTF-8, and at last, without a chunk, whether the text ended well. */
export function utf8Check(): (chunk?: Uint8Array) => boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  /** Whether a character may have begun in the chunk before. */
  let within = false;
  return (chunk) => {
    if (chunk && !within && isAscii(chunk)) return true;
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      return false;
    }
    within = chunk !== undefined && chunk.length > 0 && chunk[chunk.length - 1]! > 127;
    return true;
  };
}

/** Four bytes at a time: several times as fast as to decode them, and without waste for the garbage collector. */
function isAscii(chunk: Uint8Array): boolean {
  const start = Math.min(chunk.length, (4 - chunk.byteOffset % 4) % 4);
  const words = (chunk.length - start) >> 2;
  let bits = 0;
  if (words > 0) {
    const view = new Int32Array(chunk.buffer, chunk.byteOffset + start, words);
    for (let at = 0; at < words; at++) bits |= view[at]!;
  }
  for (let at = 0; at < start; at++) bits |= chunk[at]!;
  for (let at = start + words * 4; at < chunk.length; at++) bits |= chunk[at]!;
  return (bits & 0x80808080) === 0;
}
