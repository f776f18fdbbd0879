import { suite } from "uvu";
import * as assert from "uvu/assert";
import { countRequests } from "../../../scripts/bench/poll.ts";

const s = suite("requests of a poll");

s("each is of one kind", () => {
  const ask = (method: string, path: string) => ({ method, path, status: 200 });
  const { tagLists, heads, manifestGets, others } = countRequests([
    ask("GET", "/v2/a/tags/list"),
    ask("GET", "/v2/b/tags/list?n=1000"),
    ask("HEAD", "/v2/a/manifests/1.0.0"),
    ask("GET", "/v2/a/manifests/sha256:0"),
    ask("GET", "/v2/"),
    ask("HEAD", "/v2/a/blobs/sha256:0"),
  ]);
  assert.equal([tagLists, heads, manifestGets, others], [2, 1, 1, 2]);
});

s.run();
