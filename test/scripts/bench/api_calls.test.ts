import { suite } from "uvu";
import * as assert from "uvu/assert";
import { callsBetween, parseApiCalls, updaterCalls, writes } from "../../../scripts/bench/api_calls.ts";

const s = suite("calls of the API server");

const line = (verb: string, resource: string, subresource: string, value: number, code = "200") =>
  `apiserver_request_total{code="${code}",component="apiserver",dry_run="",group="apps",resource="${resource}",` +
  `scope="resource",subresource="${subresource}",verb="${verb}",version="v1"} ${value}`;

s("sums over answers, and leaves out what is no resource", () => {
  const text = [
    "# TYPE apiserver_request_total counter",
    line("PATCH", "deployments", "", 3),
    line("PATCH", "deployments", "", 2, "422"),
    line("PUT", "deployments", "status", 1e3),
    line("GET", "", "/readyz", 9),
    'apiserver_request_terminations_total{code="1",resource="deployments",verb="GET"} 7',
  ].join("\n");
  assert.equal([...parseApiCalls(text)], [["PATCH deployments", 5], ["PUT deployments/status", 1000]]);
});

s("what came between two readings", () => {
  const before = new Map([["PATCH deployments", 5], ["LIST pods", 1]]);
  const after = new Map([["POST events", 2], ["PATCH deployments", 9], ["LIST pods", 1]]);
  assert.equal(callsBetween(before, after), { "PATCH deployments": 4, "POST events": 2 });
});

s("an updater's calls: not the deployment controller's, and no watch", () => {
  const calls = {
    "POST updaterequests": 1,
    "GET updaterequests": 10,
    "PATCH updaterequests/status": 100,
    "PATCH deployments": 1000,
    "POST events": 10_000,
    "WATCH updaterequests": 5,
    "PUT deployments/status": 5,
    "POST replicasets": 5,
    "PUT leases": 5,
  };
  assert.is(updaterCalls(calls), 11_111);
});

s("writes: whoever makes them, but those of Leases", () => {
  const calls = new Map([["PUT leases", 1], ["PUT deployments/status", 2], ["POST events", 3], ["GET pods", 4]]);
  assert.is(writes(calls), 5);
});

s.run();
