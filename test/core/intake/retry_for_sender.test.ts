import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RegistryError } from "../../../core/registry/registry_error.ts";
import { retryForSender } from "../../../core/intake/version_lookups.ts";

const s = suite("a sender does not wait for a registry for long");

s("one that says nothing is unreachable for it", async () => {
  const error = await retryForSender(() => new Promise(() => {}), undefined, "reg.example", 30).catch((error) => error);
  assert.instance(error, RegistryError);
  assert.equal([error.kind, error.message], ["unreachable", "reg.example gave no answer in 0.03 s."]);
});

s("an answer or a refusal in time is passed on", async () => {
  assert.is(await retryForSender(async () => "sha256:0", undefined, "reg.example"), "sha256:0");
  const refusal = new RegistryError("unauthorized", "reg.example", "no.");
  assert.is(
    await retryForSender(() => Promise.reject(refusal), undefined, "reg.example").catch((error) => error),
    refusal,
  );
});

s.run();
