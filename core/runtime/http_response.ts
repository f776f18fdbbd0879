import type { HttpResponse } from "./http_request.ts";
import { concatBytes } from "../lib/bytes.ts";

/** Where the bytes of a connection come from. */
export interface Source {
  /** Gives the number of bytes that were read, and null at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

/** The answers that come on one connection, one after the other. */
export interface ResponseReader {
  /** Undefined where the connection ends before there is any of it. `over` is told once its body has been read to its end. */
  next(over: (kept: boolean) => void): Promise<Omit<HttpResponse, "cancel"> | undefined>;
}

const BUFFER_BYTES = 16 * 1024;
const [lf, cr] = [10, 13];

/**
 * Reads answers of HTTP/1.1: RFC 9112, section 2 to 7. A head is 16 KiB at most, and of what a server may send before the answer
 * (1xx) nothing is kept.
 */
export function createResponseReader(source: Source): ResponseReader {
  const buffer = new Uint8Array(BUFFER_BYTES);
  const decoder = new TextDecoder();
  let start = 0;
  let end = 0;

  /** False at the end of the connection. */
  async function more(): Promise<boolean> {
    if (start === end) start = end = 0;
    else if (end === buffer.length) {
      if (start === 0) throw new Error("a line or a head of the answer is longer than 16 KiB");
      buffer.copyWithin(0, start, end);
      end -= start;
      start = 0;
    }
    const count = await source.read(end === 0 ? buffer : buffer.subarray(end));
    if (count === null) return false;
    end += count;
    return true;
  }
  const cutOff = () => new Error("the connection was closed within the answer");

  async function readHead(): Promise<string | undefined> {
    for (let from = start, last: number;; from = start + Math.max(0, from)) {
      last = endOfHead(from);
      if (last >= 0) return takeHead(last);
      const before = end - start;
      const isMore = await more().catch((error) => {
        if (before > 0) throw error;
      });
      if (!isMore && before > 0) throw cutOff();
      if (!isMore) return undefined;
      from = before - 3;
    }
  }
  function takeHead(last: number): string {
    // with the line feed before each line, by which headers are looked for
    const head = decoder.decode(buffer.subarray(start, last + 2));
    start = last + 4;
    return head;
  }
  function endOfHead(from: number): number {
    for (let at = buffer.indexOf(cr, from); at >= 0 && at + 3 < end; at = buffer.indexOf(cr, at + 1)) {
      if (buffer[at + 1] === lf && buffer[at + 2] === cr && buffer[at + 3] === lf) return at;
    }
    return -1;
  }

  /** What of the body is in the buffer, at most so many bytes. */
  async function piece(most: number): Promise<Uint8Array> {
    if (start === end && !await more()) throw cutOff();
    const next = buffer.subarray(start, Math.min(end, start + most));
    start += next.length;
    return next;
  }
  async function readLine(): Promise<string> {
    for (;;) {
      const at = buffer.indexOf(lf, start);
      if (at >= 0 && at < end) {
        const line = decoder.decode(buffer.subarray(start, at)).trimEnd();
        start = at + 1;
        return line;
      }
      if (!await more()) throw cutOff();
    }
  }

  function ofLength(length: number, over: () => void): Body {
    let left = length;
    const took = (bytes: number) => {
      left -= bytes;
      if (left === 0) over();
    };
    if (left === 0) over();
    return {
      async read() {
        if (left === 0) return undefined;
        const next = await piece(left);
        took(next.length);
        return next;
      },
      async text() {
        if (left <= end - start) {
          const text = decoder.decode(buffer.subarray(start, start + left));
          start += left;
          if (left > 0) took(left);
          return text;
        }
        const whole = new Uint8Array(left);
        whole.set(buffer.subarray(start, end));
        for (let filled = end - start; filled < whole.length;) {
          const count = await source.read(whole.subarray(filled));
          if (count === null) throw cutOff();
          filled += count;
        }
        start = end = 0;
        took(left);
        return decoder.decode(whole);
      },
    };
  }

  function inChunks(over: () => void): Body {
    let left = 0;
    let begun = false;
    let done = false;
    const read = async () => {
      if (done) return undefined;
      if (left === 0) {
        if (begun && await readLine() !== "") throw new Error("a chunk of the answer is longer than it says");
        begun = true;
        const line = await readLine();
        const size = /^[0-9a-f]{1,12}(?=$|[ \t;])/i.exec(line)?.[0];
        if (size === undefined) throw new Error("a chunk of the answer does not say how long it is");
        left = Number.parseInt(size, 16);
        if (left === 0) {
          while (await readLine() !== "");
          done = true;
          over();
          return undefined;
        }
      }
      const next = await piece(left);
      left -= next.length;
      return next;
    };
    return { read, text: () => gather(read) };
  }

  function toTheEnd(over: () => void): Body {
    const read = async () => {
      if (start === end && !await more()) {
        over();
        return undefined;
      }
      return await piece(Infinity);
    };
    return { read, text: () => gather(read) };
  }

  async function gather(read: () => Promise<Uint8Array | undefined>): Promise<string> {
    const parts: Uint8Array[] = [];
    for (let part = await read(); part; part = await read()) parts.push(part.slice());
    return decoder.decode(concatBytes(parts));
  }

  return {
    async next(over) {
      for (;;) {
        const head = await readHead();
        if (head === undefined) return undefined;
        const status = Number(/^HTTP\/1\.[01] ([1-9]\d\d)(?= |\r)/.exec(head)?.[1] ?? NaN);
        if (Number.isNaN(status)) throw new Error("what was answered is no HTTP/1.1");
        if (status < 200) continue;
        const closes = head.startsWith("HTTP/1.0") || /\r\nconnection:[^\r]*\bclose\b/i.test(head);
        // what comes unasked would be taken for the next response
        const body = bodyOf(status, head, (stays) => over(stays && !closes && start === end));
        return { status, header: (name) => headerOf(head, name), ...body };
      }
    },
  };

  function bodyOf(status: number, head: string, over: (kept: boolean) => void): Body {
    if (status === 204 || status === 304) return ofLength(0, () => over(true));
    const coding = headerOf(head, "transfer-encoding");
    if (coding !== undefined) {
      if (coding.toLowerCase() !== "chunked") throw new Error(`the answer is encoded as ${coding}`);
      return inChunks(() => over(true));
    }
    const length = headerOf(head, "content-length");
    if (length === undefined) return toTheEnd(() => over(false));
    if (!/^\d{1,15}$/.test(length)) throw new Error("the answer does not say how long it is");
    return ofLength(Number(length), () => over(true));
  }
}

type Body = Pick<HttpResponse, "read" | "text">;

const patterns = new Map<string, RegExp>();

function headerOf(head: string, name: string): string | undefined {
  let pattern = patterns.get(name);
  if (!pattern) patterns.set(name, pattern = new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*)`, "i"));
  return pattern.exec(head)?.[1]?.trimEnd();
}
