/** What a browser makes of a stream of events. */
export interface ReadEvent {
  name: string;
  id: string;
  data: string;
}

export interface EventReader {
  /** All that came so far, without pings. */
  events: ReadEvent[];
  pings(): number;
  /** Resolves when as many came, pings aside; rejects where the stream is over before. */
  until(count: number): Promise<ReadEvent[]>;
  /** Resolves when the stream is over, by an end or an error: which of them. */
  over: Promise<"ended" | "failed">;
  leave(): void;
}

/** Reads a stream by the rules of the standard, html.spec.whatwg.org, section 9.2.6. */
export function readEvents(response: Response): EventReader {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const events: ReadEvent[] = [];
  const waiting = new Set<() => void>();
  let pings = 0;
  let isOver = false;
  let id = "";
  async function read(): Promise<"ended" | "failed"> {
    let text = "";
    let name = "";
    let data: string[] = [];
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        const lines = text.split(/\r\n|\r|\n/);
        text = lines.pop()!;
        for (const line of lines) {
          if (line === "") {
            if (name === "ping") pings++;
            else if (data.length > 0) events.push({ name, id, data: data.join("\n") });
            name = "";
            data = [];
            continue;
          }
          const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line)!;
          if (field === "data") data.push(value!);
          else if (field === "event") name = value!;
          else if (field === "id") id = value!;
        }
        for (const look of [...waiting]) look();
      }
      return "ended";
    } catch {
      return "failed";
    } finally {
      isOver = true;
      for (const look of [...waiting]) look();
    }
  }
  return {
    events,
    pings: () => pings,
    until: (count) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (events.length >= count) resolve(events);
          else if (isOver) reject(new Error(`the stream is over after ${events.length} events`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    over: read(),
    leave: () => void reader.cancel().catch(() => {}),
  };
}
