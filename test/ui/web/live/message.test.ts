import { suite } from "uvu";
import * as assert from "uvu/assert";
import { event, pictureMessage, pingMessage, staleMessage } from "../../../../ui/web/live/message.ts";
import { readEvents } from "./event_reader.ts";

const s = suite("ui/web/live/message");
const read = async (bytes: Uint8Array<ArrayBufferLike>) => {
  const reader = readEvents(new Response(new Uint8Array(bytes)));
  await reader.over;
  return reader;
};

s("an event is what was meant, whatever ends of lines it holds", async () => {
  const data = "a\n\nb\r\nc\rid: 9\revent: x\r\n\r\ndata: d:e\n";
  const { events } = await read(event({ id: "here-1", data }));
  assert.equal(events, [{ name: "", id: "here-1", data: data.replace(/\r\n|\r/g, "\n") }]);
});

s("what is no picture has a name, so that htmx puts it nowhere", async () => {
  assert.is(new TextDecoder().decode(pingMessage(15_000)), "event: ping\ndata: 15000\n\n");
  assert.equal((await read(staleMessage("it broke"))).events, [{ name: "stale", id: "", data: "it broke" }]);
});

s("each section of a picture is put into its own place, and a title is text", async () => {
  const sections = new Map([["a", '<section id="a">1\n2</section>'], ["b", '<section id="b"></section>']]);
  const { events: [one] } = await read(pictureMessage("here-2", { title: "<b> & co", sections }));
  assert.is(one!.id, "here-2");
  assert.match(
    one!.data,
    '<hx-partial hx-target="#a" hx-swap="outerMorph"><section id="a">1\n2</section></hx-partial>',
  );
  assert.match(one!.data, '<hx-partial hx-target="#b" hx-swap="outerMorph"><section id="b"></section></hx-partial>');
  assert.match(one!.data, "<title>&lt;b&gt; &amp; co · Headwind</title>");
});

s.run();
