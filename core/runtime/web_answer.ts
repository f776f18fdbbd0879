import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";

/** Texts, but for streams of events. */
const TEXT = /^(?:application\/json|text\/(?!event-stream))/i;

/**
 * Writes an answer of the Web as one of node:http: a text in one piece with its head, anything else part by part as its body gives
 * them, and in one piece where that is there whole.
 */
export async function writeAnswer(answer: Response, outgoing: ServerResponse): Promise<void> {
  const headers: string[] = [];
  for (const [name, value] of answer.headers) headers.push(name, value);
  if (!answer.body) return void outgoing.writeHead(answer.status, headers).end();
  if (TEXT.test(answer.headers.get("content-type") ?? "")) {
    const text = await answer.text();
    writeLength(Buffer.byteLength(text));
    return void outgoing.end(text);
  }
  const reader = answer.body.getReader();
  const leave = () => void reader.cancel().catch(() => {});
  outgoing.once("close", leave);
  try {
    let part = await reader.read();
    while (!part.done) {
      const next = reader.read();
      if (await endsNow(next)) {
        if (!outgoing.headersSent) writeLength(part.value.length);
        return void outgoing.end(part.value);
      }
      if (!outgoing.headersSent) outgoing.writeHead(answer.status, headers);
      if (!outgoing.write(part.value)) await drained(outgoing);
      part = await next;
    }
    if (!outgoing.headersSent) writeLength(0);
    outgoing.end();
  } finally {
    outgoing.off("close", leave);
  }

  function writeLength(bytes: number): void {
    if (!answer.headers.has("content-length")) headers.push("content-length", String(bytes));
    outgoing.writeHead(answer.status, headers);
  }
}

/** Whether a body that is there already ends with this. */
function endsNow(next: Promise<ReadableStreamReadResult<Uint8Array>>): Promise<boolean> {
  return Promise.race([
    next.then(({ done }) => done, () => false),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      outgoing.off("drain", go);
      outgoing.off("close", go);
      resolve();
    };
    outgoing.once("drain", go);
    outgoing.once("close", go);
  });
}
