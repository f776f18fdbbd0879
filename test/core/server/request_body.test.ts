import * as assert from "uvu/assert";
import { suite } from "uvu";
import { BadRequest } from "../../../core/server/http_errors.ts";
import { BODY_LIMIT, parseJson, readBody } from "../../../core/server/request_body.ts";
import { parseDelivery } from "../../../core/server/webhooks.ts";

const s = suite("bodies of requests");
const encode = (text: string) => new TextEncoder().encode(text);

/** A body of these chunks, then of its end or an error; tells how many were read, and whether it was let go. */
function streamed(chunks: readonly string[], end?: Error) {
  const seen = { read: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[seen.read];
      if (chunk !== undefined) {
        seen.read++;
        controller.enqueue(encode(chunk));
      } else if (end) controller.error(end);
      else controller.close();
    },
    cancel: () => void (seen.cancelled = true),
  }, { highWaterMark: 0 });
  return { seen, body };
}

function post(body: ReadableStream<Uint8Array> | string | undefined, headers: Record<string, string> = {}): Request {
  const init = { method: "POST", headers, ...(body === undefined ? {} : { body }), duplex: "half" };
  return new Request("http://headwind.example/", init as RequestInit);
}

async function refusal(promise: Promise<unknown>): Promise<BadRequest> {
  const error = await promise.then(() => undefined, (error) => error);
  assert.instance(error, BadRequest);
  return error;
}

s("the limit is 1 MiB", () => assert.is(BODY_LIMIT, 1024 * 1024));

s("a body is read whole, in as many parts as it comes", async () => {
  const { body, seen } = streamed(["ab", "", "c", "ä"]);
  assert.equal(await readBody(post(body)), encode("abcä"));
  assert.is(seen.read, 4);
  assert.equal(await readBody(post("abc"), 3), encode("abc"));
  assert.equal(await readBody(post(undefined)), new Uint8Array());
});

s("one that says it is too large is refused unread", async () => {
  const { body, seen } = streamed(["abcd"]);
  const error = await refusal(readBody(post(body, { "content-length": "4" }), 3));
  assert.equal([error.status, error.field], [413, "body"]);
  assert.is(seen.read, 0);
});

for (
  const [what, headers] of [["nothing", {}], ["less than it is", { "content-length": "1" }], ["nonsense", {
    "content-length": "many",
  }]] as const
) {
  s(`one that says ${what} of its size is read no further than the limit, and let go`, async () => {
    const { body, seen } = streamed(Array(100).fill("ab"));
    const error = await refusal(readBody(post(body, headers), 5));
    assert.equal([error.status, error.field], [413, "body"]);
    assert.is(seen.read, 3);
    assert.ok(seen.cancelled);
  });
}

s("one that is cut off is refused, and half of it never used", async () => {
  const { body } = streamed(['{"tag":', '"1.1.0"}'], new Error("connection reset"));
  const error = await refusal(readBody(post(body)));
  assert.equal([error.status, error.field], [400, "body"]);
  assert.match(error.message, "cut off");
});

const texts: [string, unknown][] = [['{"a":[1,null,"ä"]}', { a: [1, null, "ä"] }], ["null", null], ["\ufeff{}", {}]];
for (const [text, value] of texts) s(`JSON: ${text}`, () => assert.equal(parseJson(encode(text)), value));

const faults: [string, Uint8Array][] = [
  ["nothing", encode("")],
  ["a form", encode("tag=1.1.0")],
  ["half a text", encode('{"tag":')],
  ["two values", encode("{}{}")],
  ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
  ["depth without end", encode("[".repeat(BODY_LIMIT))],
];
for (const [what, body] of faults) {
  s(`no JSON: ${what}`, () => {
    try {
      parseJson(body);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, BadRequest);
      assert.equal([(error as BadRequest).status, (error as BadRequest).field], [400, "body"]);
      assert.ok((error as Error).message.length < 500, `${(error as Error).message.length} characters`);
    }
  });
}

const form = "application/x-www-form-urlencoded";
const json = '{"action":"published","name":"ä+b & c=100%"}';
const deliveries: [what: string, text: string, type: string | null, value: unknown][] = [
  ["JSON", json, "application/json", JSON.parse(json)],
  ["JSON without a type", json, null, JSON.parse(json)],
  ["a form of GitHub's", String(new URLSearchParams({ payload: json })), form, JSON.parse(json)],
  ["a form with its charset", `payload=${encodeURIComponent(json)}`, `${form}; charset=utf-8`, JSON.parse(json)],
  ["JSON that curl -d calls a form", ` ${json}`, form, JSON.parse(json)],
];
for (const [what, text, type, value] of deliveries) {
  s(`a delivery: ${what}`, () => assert.equal(parseDelivery(encode(text), type), value));
}

const badDeliveries: [what: string, text: string, type: string | null, field: string][] = [
  ["a form that is not said to be one", "payload=%7B%7D", "application/json", "body"],
  ["a form without a payload", "image=app&tag=1", form, "payload"],
  ["a form with two", "payload=%7B%7D&payload=%7B%7D", form, "payload"],
  ["a payload that is no JSON", "payload=hello", form, "payload"],
  ["nothing", "", form, "payload"],
];
for (const [what, text, type, field] of badDeliveries) {
  s(`no delivery: ${what}`, () => {
    try {
      parseDelivery(encode(text), type);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, BadRequest);
      assert.equal([(error as BadRequest).status, (error as BadRequest).field], [400, field]);
    }
  });
}

s.run();
