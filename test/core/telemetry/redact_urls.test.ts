import { suite } from "uvu";
import * as assert from "uvu/assert";
import { redactErrorUrls, redactUrls } from "../../../core/telemetry/redact.ts";

const s = suite("errors without URLs");

const rows: [given: string, wanted: string][] = [
  [
    "error sending request for url (https://hooks.example/services/T0/B0/secret): refused",
    "error sending request for url (hooks.example): refused",
  ],
  ["https://user:secret@hooks.example:8443/x?y=z#w answered 500", "hooks.example:8443 answered 500"],
  ["smtp://mail.example/secret and HTTP://A.example", "mail.example and A.example"],
  ["no address at all: 12:30", "no address at all: 12:30"],
];
for (const [given, wanted] of rows) s(given, () => assert.is(redactUrls(given), wanted));

s("those that caused it too", () => {
  const error = new Error("fetch failed", { cause: new Error("connect https://hooks.example/secret") });
  assert.is(redactErrorUrls(error).message, "fetch failed: connect hooks.example");
  assert.is(redactErrorUrls("https://hooks.example/secret").message, "hooks.example");
});

s("sentences that were caused by others are joined to one", () => {
  const error = new Error("It is away.", { cause: new Error("no route.") });
  assert.is(redactErrorUrls(error).message, "It is away: no route");
});

s("a cause in a circle, and a text without end, come to one", () => {
  const error = new Error("a") as Error & { cause?: unknown };
  error.cause = error;
  assert.is(redactErrorUrls(error).message, "a: a: a: a: a");
  assert.ok(redactUrls("https://".repeat(100_000)).length < 3_000);
});

s.run();
