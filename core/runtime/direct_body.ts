/** What takes the bytes of a body that is written piece by piece, while it is open. */
export interface Sink {
  write(bytes: Uint8Array): void;
  /** Bytes that were written and that the other side has not made room for yet. */
  waiting(): number;
  /** Ends the body after what was written. */
  end(): void;
  /** Closes the connection, and lets go of what waits. */
  destroy(): void;
}

/** Begins to write. What it gives back is called once when the body is over, whoever ended it. */
export type Begin = (sink: Sink) => () => void;

const begins = new WeakMap<ReadableStream<Uint8Array>, Begin>();

/**
 * A body whose pieces go to the socket without the queues and promises of a stream between, where `serve` writes it: a page that
 * is open for hours then holds little more than its socket. For anybody else it is a stream.
 */
export function directBody(begin: Begin): ReadableStream<Uint8Array> {
  let closed = () => {};
  let over = false;
  const finish = (act: () => void) => {
    if (over) return;
    over = true;
    act();
    closed();
  };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (closed !== idle) return;
      closed = begin({
        write: (bytes) => over || controller.enqueue(bytes),
        waiting: () => over ? 0 : -controller.desiredSize!,
        end: () => finish(() => controller.close()),
        destroy: () => finish(() => controller.error(new Error("the connection is closed"))),
      });
    },
    cancel: () => finish(() => {}),
  }, { highWaterMark: 0, size: (bytes) => bytes.byteLength });
  const idle = closed;
  begins.set(body, begin);
  return body;
}

/** How a body is written directly, if it can be. */
export const beginOf = (body: ReadableStream<Uint8Array>): Begin | undefined => begins.get(body);
