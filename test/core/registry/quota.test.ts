import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Quota, quotaOf } from "../../../core/registry/quota.ts";

const s = suite("what a registry says of its quota");
const now = Date.parse("2026-01-01T12:00:00Z");
const inSeconds = (seconds: number) => now + seconds * 1000;

const rows: [what: string, headers: Record<string, string>, quota: Quota | undefined][] = [
  ["nothing", { "content-type": "application/json" }, undefined],
  [
    "Docker Hub",
    { "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "76;w=21600", "docker-ratelimit-source": "192.0.2.1" },
    { remaining: 76, limit: 100, windowSeconds: 21600 },
  ],
  ["Docker Hub, used up", { "ratelimit-remaining": "0;w=21600" }, { remaining: 0, windowSeconds: 21600 }],
  [
    "draft 03",
    { "RateLimit-Limit": "100, 100;w=60", "RateLimit-Remaining": "50", "RateLimit-Reset": "30" },
    { remaining: 50, limit: 100, windowSeconds: 60, resetsAt: inSeconds(30) },
  ],
  [
    "draft 07",
    { "RateLimit": "limit=100, remaining=50, reset=5", "RateLimit-Policy": "100;w=10" },
    { remaining: 50, limit: 100, windowSeconds: 10, resetsAt: inSeconds(5) },
  ],
  [
    "draft 08 and later",
    { "RateLimit": '"default";r=50;t=30', "RateLimit-Policy": '"burst";q=10;w=1,"default";q=100;w=60' },
    { remaining: 50, limit: 100, windowSeconds: 60, resetsAt: inSeconds(30) },
  ],
  [
    "of two policies the one that lets through least",
    { "RateLimit": '"a";r=50;t=30, "b";r=7', "RateLimit-Policy": '"a";q=100;w=60, "b";q=1000;w=3600' },
    { remaining: 7, limit: 1000, windowSeconds: 3600 },
  ],
  [
    "GitHub",
    { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999", "x-ratelimit-reset": String(inSeconds(60) / 1000) },
    { remaining: 4999, limit: 5000, resetsAt: inSeconds(60) },
  ],
  ["no number", { "ratelimit-limit": "many", "ratelimit-remaining": "<b>few</b>" }, undefined],
  ["less than nothing", { "ratelimit-remaining": "-1" }, undefined],
  ["more than there are", { "ratelimit-remaining": "9".repeat(400) }, undefined],
  ["a field without a rest", { "ratelimit": "limit=100", "ratelimit-remaining": "3" }, { remaining: 3 }],
  ["a limit alone", { "ratelimit-limit": "100;w=21600" }, undefined],
];
for (const [what, headers, quota] of rows) {
  s(what, () => assert.equal(quotaOf(new Headers(headers), now), quota));
}

s.run();
