import { suite } from "uvu";
import * as assert from "uvu/assert";
import { plainHttpHosts } from "../../../core/registry/plain_http.ts";

const s = suite("plain http");
const mayBePlain = plainHttpHosts(["Registry.local:5000", "10.0.0.5"]);

for (
  const host of [
    "registry.local:5000",
    "10.0.0.5",
    "localhost",
    "localhost:5000",
    "127.0.0.1:1",
    "127.9.9.9",
    "[::1]:80",
  ]
) s(`allowed for ${host}`, () => assert.ok(mayBePlain(host)));
for (
  const host of [
    "registry.local",
    "10.0.0.5:80",
    "127.0.0.1.example.com",
    "localhost.example.com",
    "docker.io",
    "[::2]",
  ]
) s(`not for ${host}`, () => assert.not(mayBePlain(host)));

s.run();
