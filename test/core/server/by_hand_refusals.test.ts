import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Harness, harness } from "./api_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { sentencesOf } from "../../support/sentences.ts";

const s = suite("what rollback, hold and resume over the API refuse");
const sentence = sentencesOf(s, import.meta.url);
const api = "/api/v1";
const web = `${api}/rollback/default/web`;
const told = async (answer: Response) => await answer.json() as Record<string, unknown>;
const post = (one: Harness, path: string, body?: unknown, headers?: Record<string, string>) =>
  one.fetch("POST", path, body === undefined ? undefined : JSON.stringify(body), headers);
const long = "x".repeat(1025);
const [rollback, hold, resume] = [`${web}/app`, `${api}/hold/default/web/app`, `${api}/resume/default/web/app`];
// deno-fmt-ignore
const refused: { what: string; call: [string, string, unknown?]; status: number; field?: string }[] = [
  { what: "none of that name", call: ["GET", `${api}/rollback/default/no`], status: 404, field: "name" },
  { what: "none of that kind", call: ["GET", `${web}?kind=CronJob`], status: 404, field: "name" },
  { what: "none to roll back", call: ["POST", `${api}/rollback/prod/web/app`], status: 404, field: "name" },
  { what: "none to hold", call: ["POST", `${api}/hold/default/no/app`], status: 404, field: "name" },
  { what: "a name of several", call: ["GET", `${api}/rollback/default/both`], status: 409, field: "kind" },
  { what: "to roll back one of several", call: ["POST", `${api}/rollback/default/both/app`], status: 409, field: "kind" },
  { what: "to hold one of several", call: ["POST", `${api}/hold/default/both/app`], status: 409, field: "kind" },
  { what: "no such container", call: ["POST", `${web}/nope`], status: 409, field: "container" },
  { what: "no such image in a release's values", call: ["POST", `${web}/values.image`], status: 409, field: "container" },
  { what: "no container", call: ["POST", web, {}], status: 400, field: "container" },
  { what: "a container that is none", call: ["POST", web, { container: "App" }], status: 400, field: "container" },
  { what: "a container that is none in the path", call: ["POST", `${web}/App`], status: 400, field: "container" },
  { what: "a way out of the path", call: ["POST", `${web}%2F..%2Fdb/app`], status: 400, field: "name" },
  { what: "an unknown version", call: ["POST", rollback, { image: "9" }], status: 409, field: "image" },
  { what: "what runs", call: ["POST", rollback, { image: "1.2.0" }], status: 409, field: "image" },
  { what: "the entry that runs", call: ["POST", rollback, { index: 0 }], status: 409, field: "image" },
  { what: "no such entry", call: ["POST", rollback, { index: 2 }], status: 409, field: "index" },
  { what: "an entry below nought", call: ["POST", rollback, { index: -1 }], status: 400, field: "index" },
  { what: "half an entry", call: ["POST", rollback, { index: 0.5 }], status: 400, field: "index" },
  { what: "nothing to go back to", call: ["POST", `${api}/rollback/default/db/app`], status: 409, field: "image" },
  { what: "no image", call: ["POST", hold, { image: "" }], status: 400, field: "image" },
  { what: "what is none", call: ["POST", hold, { image: "a b" }], status: 409, field: "image" },
  { what: "another repository", call: ["POST", hold, { image: "other:1" }], status: 409, field: "image" },
  { what: "nothing held", call: ["POST", resume], status: 409, field: "image" },
  { what: "this is not held", call: ["POST", resume, { image: "3" }], status: 409, field: "image" },
  { what: "no user", call: ["POST", rollback, { user: "" }], status: 400, field: "user" },
  { what: "a long user", call: ["POST", hold, { user: long }], status: 400, field: "user" },
  { what: "a long reason", call: ["POST", resume, { reason: long }], status: 400, field: "reason" },
  { what: "a list", call: ["POST", rollback, []], status: 400, field: "body" },
  { what: "a long kind", call: ["GET", `${web}?kind=${long}`], status: 400, field: "kind" },
  { what: "another method", call: ["PUT", `${web}/app`, {}], status: 405 },
];
for (const { what, call: [method, path, body], status, field } of refused) {
  s(`${method} ${what}: ${status}${field ? `, ${field} is named` : ""}`, async () => {
    const one = harness();
    const before = [...one.workloads.all.values()];
    const answer = await one.fetch(method, path, body === undefined ? undefined : JSON.stringify(body));
    assert.is(answer.status, status);
    const { error, ...rest } = await told(answer);
    sentence(`${method} ${what}`, String(error));
    assert.equal(rest, field ? { field } : {});
    assert.equal([...one.workloads.all.values()], before);
    assert.equal(one.workloads.done, []);
  });
}

const refusals: [what: string, error: Error, status: number][] = [
  ["by admission", new KubeError(403, "Forbidden", "x", { said: 'admission webhook "q" denied the request: no' }), 403],
  ["for want of Headwind's rights", new KubeError(403, "Forbidden", "inner", { said: "inner" }), 503],
  ["as invalid", new KubeError(422, "Invalid", "inner", { said: "too long" }), 409],
  ["for a conflict without end", new KubeError(409, "Conflict", "inner", { said: "modified" }), 409],
  ["while it is away", new KubeError(500, "", "inner"), 503],
  ["by a fault of ours", new TypeError("inner"), 500],
];
for (const [what, error, status] of refusals) {
  s(`a patch refused ${what}: ${status}`, async () => {
    for (const path of [rollback, hold]) {
      const one = harness();
      one.workloads.meddle = () => {
        throw error;
      };
      const answer = await post(one, path);
      assert.is(answer.status, status);
      assert.is(answer.headers.has("retry-after"), status === 503);
      const text = await answer.text();
      sentence(`a patch refused ${what}`, JSON.parse(text).error);
      assert.not.match(text, "inner");
      assert.equal(one.workloads.done, []);
    }
  });
}

s.run();
