import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createConnections } from "../../../core/runtime/serve_limits.ts";

const s = suite("open connections of a server");

/** Up to three, two of an address. */
function limited() {
  const clock = { now: 0 };
  const cuts: string[] = [];
  const closed: string[] = [];
  const connections = createConnections({ connections: 3, perAddress: 2 }, (why) => cuts.push(why), () => clock.now);
  const from = (remoteAddress: string, name: string) => ({ remoteAddress, destroy: () => closed.push(name) });
  /** Three that are asked for, each of an address of its own; `whole`: their bodies have come. */
  const asked = (whole = true) =>
    ["a", "b", "c"].map((name, at) => {
      const one = from(String(at), name);
      connections.open(one);
      connections.begin(one);
      if (whole) connections.whole(one);
      return one;
    });
  return { clock, cuts, closed, connections, from, asked };
}

s("a new one takes the place of the oldest that has asked for nothing", () => {
  const { connections, from, closed, cuts } = limited();
  const [a, b, c, d] = [from("1", "a"), from("2", "b"), from("3", "c"), from("4", "d")];
  for (const one of [a, b, c]) assert.is(connections.open(one), undefined);
  connections.begin(a);
  connections.whole(a);
  connections.end(a);
  assert.is(connections.open(d), undefined);
  assert.equal([closed, cuts], [["b"], ["connections"]]);
});

s("or of one that is kept alive, where all others are asked for", () => {
  const { connections, from, asked, closed } = limited();
  const all = asked();
  connections.end(all[1]!);
  assert.is(connections.open(from("9", "d")), undefined);
  assert.equal(closed, ["b"]);
});

s("or of one whose body has been on its way for a second", () => {
  const { connections, from, asked, closed, clock } = limited();
  const all = asked(false);
  connections.whole(all[0]!);
  clock.now = 999;
  assert.is(connections.open(from("9", "d")), "connections");
  clock.now = 1000;
  assert.is(connections.open(from("9", "e")), undefined);
  assert.equal(closed, ["b"]);
});

s("where all are at work a new one is refused, until one has ended", () => {
  const { connections, from, asked, closed, cuts } = limited();
  const all = asked();
  assert.is(connections.open(from("9", "d")), "connections");
  connections.closed(all[0]!);
  assert.is(connections.open(from("9", "e")), undefined);
  assert.equal([closed, cuts], [[], []]);
});

s("an address that has its share gives way itself", () => {
  const { connections, from, closed, cuts } = limited();
  const [old, a, b] = [from("other", "old"), from("1", "a"), from("1", "b")];
  for (const one of [old, a, b]) connections.open(one);
  assert.is(connections.open(from("1", "c")), undefined);
  assert.equal([closed, cuts], [["a"], ["address"]]);
  connections.begin(b);
  connections.whole(b);
  const c = from("1", "d");
  assert.is(connections.open(c), undefined);
  connections.begin(c);
  connections.whole(c);
  assert.is(connections.open(from("1", "e")), "address");
  connections.closed(b);
  assert.is(connections.open(from("1", "f")), undefined);
});

s("one that is asked for twice at once is at work until both are answered", () => {
  const { connections, from } = limited();
  const one = from("1", "a");
  connections.open(one);
  connections.begin(one);
  connections.begin(one);
  connections.end(one);
  assert.ok(connections.isBusy(one));
  connections.end(one);
  assert.not.ok(connections.isBusy(one));
});

s("those that wait are closed apart from those at work", () => {
  const { connections, from, closed } = limited();
  const [a, b] = [from("1", "a"), from("2", "b")];
  for (const one of [a, b]) connections.open(one);
  connections.begin(a);
  connections.closeWaiting();
  assert.equal(closed, ["b"]);
  connections.closeAll();
  assert.equal(closed, ["b", "a"]);
});

s("one that is not known is nobody's", () => {
  const { connections, from } = limited();
  const one = from("1", "a");
  connections.closed(one);
  connections.begin(one);
  connections.end(one);
  assert.not.ok(connections.isBusy(one));
});

s.run();
