import * as assert from "uvu/assert";
import { suite } from "uvu";
import { BadRequest } from "../../../core/server/http_errors.ts";
import { CHANGING, changingPaths, type Place } from "../../support/changing_routes.ts";
import { HOSTILE, HOSTILE_MARKUP } from "../../support/hostile_strings.ts";
import { opened } from "./identity/opened.ts";
import { requestOf } from "../../support/build/update_request.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("every route that takes a form");
const paths = await changingPaths();
const place: Place = { namespace: "default", update: "waits", finished: "done", workload: "web" };
const requests = [requestOf({ name: "waits" }), requestOf({ name: "done", phase: "Completed" })];
const workloads = [workloadOf()];
const routes = paths.flatMap((path) => CHANGING[path]?.(place) ?? []);
/** All that is done here is refused in the words that were given. */
const refuse = async (_: unknown, wish: object) => {
  throw new BadRequest(`it cannot be done: ${Object.values(wish).join(" ")}`, Object.values(wish).join(" "), 409);
};
const actions = { decide: refuse, change: refuse, retry: refuse, check: refuse };
const open = (options = {}) => opened({ requests, workloads, actions, ...options });

s("is one that the tests know how to ask", () => {
  assert.equal(paths.filter((path) => !Object.hasOwn(CHANGING, path)), [], "add it to test/support/changing_routes.ts");
  assert.equal(Object.keys(CHANGING).filter((path) => !paths.includes(path)), [], "it is there no more");
});

for (const { path, form, action } of routes) {
  const what = `${path}${action ? ` (${action})` : ""}`;

  s(`${what}: not from a page of another site, and nothing but a form`, async () => {
    const { post } = await open({ env: { HEADWIND_UI_AUTH_MODE: "token" } });
    for (const site of ["cross-site", "same-site"]) {
      assert.is((await post(path, form, { "sec-fetch-site": site })).status, 403, site);
    }
    assert.is((await post(path, form, { origin: "https://evil.example", "sec-fetch-site": "" })).status, 403);
    assert.is((await post(path, form, { host: "evil.example" })).status, 403);
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
      assert.is((await post(path, form, { "content-type": type })).status, 415, type);
    }
  });

  s(`${what}: a field that holds anything is no fault of the program, and is text in the answer`, async () => {
    const { post } = await open({ open: true });
    for (const [name, text] of Object.entries(HOSTILE)) {
      const hostile = Object.fromEntries(Object.keys({ ...form, more: "" }).map((field) => [field, text]));
      const answer = await post(path, hostile);
      assert.ok(answer.status < 500, `${name}: ${answer.status}`);
      assert.not.match(await answer.text(), HOSTILE_MARKUP, name);
    }
    assert.is((await post(path, { ...form, more: "x".repeat(100_000) })).status < 500, true);
  });

  if (!action) continue;
  s(`${what}: who is not known is led to sign in, and nothing is done`, async () => {
    const { post, asked } = await open({ env: { HEADWIND_UI_AUTH_MODE: "token" } });
    const answer = await post(path, form, { referer: "http://localhost:8082/updates" });
    assert.equal([answer.status, answer.headers.get("location")], [303, "/login?next=%2Fupdates"]);
    const part = await post(path, form, { "hx-request": "true", "hx-current-url": "http://localhost:8082/updates" });
    assert.equal([part.status, part.headers.get("hx-redirect")], [401, "/login?next=%2Fupdates"]);
    assert.equal(asked, []);
  });
}

s.run();
