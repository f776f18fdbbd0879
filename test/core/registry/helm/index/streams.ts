/** A stream of these bytes in chunks of these sizes, again and again; `cancelled` tells whether its reader left early. */
export function streamOf(content: string | Uint8Array, sizes: readonly number[] = [65_536]) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const state = { cancelled: false, given: 0 };
  let turn = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (state.given >= bytes.length) return controller.close();
      const size = sizes[turn++ % sizes.length]!;
      controller.enqueue(bytes.slice(state.given, state.given + size));
      state.given += size;
    },
    cancel() {
      state.cancelled = true;
    },
  }, { highWaterMark: 0 });
  return { stream, state };
}

export async function gzip(content: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const body = new Response(content).body!.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(body).arrayBuffer());
}
