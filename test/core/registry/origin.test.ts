import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createRegistryClient } from "../../../core/registry/registry_client.ts";

const s = suite("registry client, a registry that goes from http to https");

s("each try of a list finds out anew where it is", async () => {
  const asked: string[] = [];
  let isTls = false;
  const { tags } = createRegistryClient({
    insecure: ["registry.example"],
    sleep: () => Promise.resolve(),
    fetch(url) {
      asked.push(url);
      if (url.startsWith("https:") && !isTls) return Promise.reject(new TypeError("no TLS"));
      if (url.startsWith("http:")) {
        isTls = true;
        return Promise.reject(new TypeError("it is being replaced"));
      }
      const body = url.endsWith("/v2/") ? "{}" : JSON.stringify({ name: "app", tags: ["1.0.0"] });
      return Promise.resolve(new Response(body, { headers: { "content-type": "application/json" } }));
    },
  });
  assert.equal((await tags({ registry: "registry.example", repository: "app" })).tags, ["1.0.0"]);
  assert.equal(asked.map((url) => url.replace(/\?.*/, "")), [
    "https://registry.example/v2/",
    "http://registry.example/v2/app/tags/list",
    "https://registry.example/v2/",
    "https://registry.example/v2/app/tags/list",
  ]);
});

s.run();
