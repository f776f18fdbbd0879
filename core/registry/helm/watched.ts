import type { Deadline } from "../../lib/deadline.ts";

/** A body on its way to a reader. */
export interface Watched {
  stream: ReadableStream<Uint8Array>;
  /** Lets the connection go, whoever reads the stream. */
  cancel(): Promise<void>;
}

/** Passes a body on, with the deadline's whole time for each piece of it and none of it for the reader. */
export function watched(body: ReadableStream<Uint8Array>, deadline: Deadline): Watched {
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      deadline.restart();
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } finally {
        deadline.stop();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return { stream, cancel: () => reader.cancel().catch(() => {}) };
}
