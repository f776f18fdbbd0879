import { directBody, type Sink } from "../../../core/web.ts";

/** An open page, as the hub sees it. */
export interface Stream {
  /** Sends, or lets go of a reader that does not read. */
  send(bytes: Uint8Array): void;
  /** Ends it: the page connects again. */
  end(): void;
  /** Bytes that were sent and are still waiting. */
  waiting(): number;
  /** Closes the connection at once. */
  drop(): void;
}

/** Bytes that may wait for a page that reads more slowly than it is written to. */
const MOST_WAITING = 256 << 10;

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  // nginx and others that hold answers back let this one through
  "x-accel-buffering": "no",
};

/** An answer that stays open. `opened` is called when it begins to be written, and what it gives back once it is over. */
export function openStream(opened: (stream: Stream) => () => void, mostWaiting = MOST_WAITING): Response {
  return new Response(directBody((sink) => opened(streamOf(sink, mostWaiting))), { headers: HEADERS });
}

const streamOf = (sink: Sink, mostWaiting: number): Stream => ({
  send(bytes) {
    const waiting = sink.waiting();
    // a single message that is larger is let through: a picture has the size that a page has
    if (waiting > 0 && waiting + bytes.byteLength > mostWaiting) sink.destroy();
    else sink.write(bytes);
  },
  end: () => sink.end(),
  waiting: () => sink.waiting(),
  drop: () => sink.destroy(),
});
