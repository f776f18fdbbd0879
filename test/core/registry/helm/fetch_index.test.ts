import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RegistryCall } from "../../../../core/registry/registry_call.ts";
import { createCooldown } from "../../../../core/registry/cooldown.ts";
import { fetchIndex } from "../../../../core/registry/helm/fetch_index.ts";
import { RegistryError } from "../../../../core/registry/registry_error.ts";

const s = suite("an index that is asked for once");

const call = { signal: new AbortController().signal, grow: async () => {}, shrink() {} } as unknown as RegistryCall;

for (const [status, headers] of [[429, {}], [503, { "retry-after": "60" }], [500, {}], [404, {}], [401, {}]] as const) {
  s(`the body of a ${status} is not left unread`, async () => {
    let isCancelled = false;
    const body = new ReadableStream({ cancel: () => void (isCancelled = true) });
    const query = {
      url: new URL("https://charts.example/index.yaml"),
      wanted: new Set<string>(),
      passLogin: false,
      conditions: {},
    };
    const error = await fetchIndex(query, {
      fetch: () => Promise.resolve(new Response(body, { status, headers })),
      read: () => Promise.reject(new Error("it is no index")),
      cooldown: createCooldown("charts.example", () => performance.now(), () => Promise.resolve()),
      who: "",
      mayBePlain: () => false,
      limit: 1000,
      timeoutMs: 1000,
      call,
    }).catch((error) => error);
    assert.instance(error, RegistryError);
    assert.ok(isCancelled);
  });
}

s.run();
