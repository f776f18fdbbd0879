import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseAccessLog } from "../../../scripts/testbed/registry.ts";

const s = suite("access log");

s("each request is one entry; other lines are none", () => {
  const log = `127.0.0.1 - - [23/Nov/2026:23:48:10 +0000] "GET /v2/app/tags/list?n=100 HTTP/1.1" 200 34 "" "deno/2.9"
time="2026-11-23T23:48:10Z" level=info msg="response completed"
127.0.0.1 - ann [23/Nov/2026:23:48:11 +0000] "PUT /v2/app/manifests/1 HTTP/1.1" 201 0 "" ""
`;
  assert.equal(parseAccessLog(log), [
    { method: "GET", path: "/v2/app/tags/list?n=100", status: 200 },
    { method: "PUT", path: "/v2/app/manifests/1", status: 201 },
  ]);
});

s.run();
