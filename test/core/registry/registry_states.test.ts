import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  containerKey,
  createRegistryStates,
  type NotedRequest,
  registryOf,
  type RegistryStates,
} from "../../../core/registry/registry_states.ts";
import { boundedLabel } from "../../../core/telemetry/metrics.ts";
import { RegistryError } from "../../../core/registry/registry_error.ts";

const s = suite("states of registries");
const noon = Date.parse("2026-01-01T12:00:00Z");
let now: number;
let states: RegistryStates;
let told: string[];

s.before.each(() => {
  now = noon;
  told = [];
  states = createRegistryStates({
    nameOf: boundedLabel(3),
    now: () => new Date(now),
    onChange: (host) => told.push(host),
  });
});

const request = (change: Partial<NotedRequest> = {}): NotedRequest => ({
  host: "ghcr.io",
  kind: "manifest",
  status: 200,
  who: "",
  ...change,
});
const quota = (remaining: number) => new Headers({ "ratelimit-remaining": `${remaining};w=60` });
const only = () => {
  const [state, ...others] = states.all();
  assert.equal(others, []);
  return state!;
};

s("nothing is known before anything was asked", () => {
  assert.equal([states.all(), states.lastPollAt(), states.lastCheck("a")], [[], undefined, undefined]);
});

s("of requests the last is known, what was refused is counted, and each change is told", () => {
  states.requested(request({ status: 429 }));
  now += 1000;
  states.requested(request({ kind: "tags" }));
  const { lastRequest, refusals, lastRefusedAt } = only();
  assert.equal(lastRequest, { at: noon + 1000, kind: "tags", status: 200 });
  assert.equal([refusals, lastRefusedAt, told], [1, noon, ["ghcr.io", "ghcr.io"]]);
});

s("the quota of the login that has least left comes first; nothing tells which login that is", () => {
  states.requested(request({ headers: quota(90) }));
  states.requested(request({ headers: quota(7), who: "abcdef" }));
  states.requested(request({ headers: quota(3), kind: "token" }));
  states.requested(request({ headers: new Headers() }));
  states.requested(request({ status: "error" }));
  const { quotas } = only();
  assert.equal(quotas, [
    { remaining: 7, windowSeconds: 60, at: noon, withLogin: true },
    { remaining: 90, windowSeconds: 60, at: noon, withLogin: false },
  ]);
  assert.not.match(JSON.stringify(states.all()), "abcdef");
});

s("the quotas of many logins are not kept for ever", () => {
  for (let login = 0; login < 100; login++) states.requested(request({ headers: quota(login), who: `login ${login}` }));
  assert.is(only().quotas.length, 16);
});

const pauses: [what: string, status: number | undefined, who: string, of: string | undefined][] = [
  ["429 without a login", 429, "", "no login"],
  ["429 with a login", 429, "abc", "a login"],
  ["503", 503, "abc", "all"],
  ["a pause that is known is not told anew", undefined, "", undefined],
];
for (const [what, status, who, of] of pauses) {
  s(`until when it is left alone, and by whom: ${what}`, () => {
    const message = "ghcr.io answered and wants no requests for 60 s.";
    const details = { retryAfterSeconds: 60, ...(status === undefined ? {} : { status }) };
    states.failed("ghcr.io", who, new RegistryError("rate-limited", "ghcr.io", message, details));
    assert.equal(only().pause, of === undefined ? undefined : { until: noon + 60_000, of });
    assert.equal(only().lastError, { at: noon, message });
  });
}

s("a shorter pause does not end a longer one", () => {
  const pause = (retryAfterSeconds: number) =>
    states.failed("a", "", new RegistryError("rate-limited", "a", "later", { status: 503, retryAfterSeconds }));
  pause(60);
  pause(1);
  assert.is(only().pause?.until, noon + 60_000);
});

s("a poll says how it went, for its host, its repository and its containers", () => {
  const [web, job] = [containerKey("Deployment/shop/web", "app"), containerKey("CronJob/shop/job", "app")];
  states.polled("ghcr.io/acme/web", "1 tags", [web, job]);
  states.polled("ghcr.io/acme/old", "2 tags", [containerKey("Deployment/shop/old", "app")], "it is not there");
  now += 5000;
  states.polled("ghcr.io/acme/web", "1 tags", [web]);
  const { lastPoll, failing } = only();
  assert.equal(lastPoll, { at: now, repository: "ghcr.io/acme/web" });
  assert.equal(failing, [{ repository: "ghcr.io/acme/old", message: "it is not there", at: noon }]);
  assert.equal([states.lastCheck(web), states.lastCheck(job)], [{ at: now }, { at: noon }]);
  assert.equal(states.lastCheck("Deployment/shop/old app"), { at: noon, problem: "it is not there" });
  assert.is(states.lastPollAt(), now);
  states.polled("ghcr.io/acme/old", "2 tags", [containerKey("Deployment/shop/old", "app")]);
  assert.equal(only().failing, []);
  assert.equal(states.lastCheck("Deployment/shop/old app"), { at: now });
});

s("of one repository one login may fail and another not", () => {
  states.polled("ghcr.io/acme/web", "1 tags", ["a"]);
  states.polled("ghcr.io/acme/web", "2 tags", ["b"], "not allowed");
  assert.equal([states.lastCheck("a"), states.lastCheck("b")], [{ at: noon }, { at: noon, problem: "not allowed" }]);
  assert.is(only().failing.length, 1);
});

s("what is not polled any more does not fail for ever", () => {
  states.polled("ghcr.io/acme/web", "1 tags", [], "not allowed");
  now += 26 * 3_600_000;
  assert.equal(only().failing, []);
});

s("hosts beyond the bound are one, and the containers that are known have a bound", () => {
  for (let host = 0; host < 50; host++) states.requested(request({ host: `registry-${host}.example` }));
  assert.equal(states.all().map(({ host }) => host), [
    "registry-0.example",
    "registry-1.example",
    "registry-2.example",
    "other",
  ]);
  for (let index = 0; index < 20_001; index++) states.polled("a/b", "1 tags", [`container ${index}`], "no");
  assert.equal([states.lastCheck("container 0"), states.lastCheck("container 1")?.problem], [undefined, "no"]);
});

s("the host of a repository's name", () => {
  assert.equal(
    ["docker.io/library/nginx", "127.0.0.1:5000/a", "https://charts.example.com/stable/a", "://"].map(registryOf),
    [
      "docker.io",
      "127.0.0.1:5000",
      "charts.example.com",
      "://",
    ],
  );
});

s.run();
