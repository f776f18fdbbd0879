import * as assert from "uvu/assert";
import { suite } from "uvu";
import { HOSTILE, HOSTILE_MARKUP } from "../../support/hostile_strings.ts";
import { opened } from "./identity/opened.ts";
import { SAFE_HEADERS } from "../../../ui/web/safe.ts";

const s = suite("what the dashboard lets in, and forbids browsers");

s("each answer says what a browser may not, whatever it is an answer to", async () => {
  const { get, post } = await opened({ env: { HEADWIND_UI_AUTH_MODE: "token" } });
  const answers = [
    await get("/login"),
    await get("/"),
    await get("/assets/nothing.js"),
    await get("/", { host: "evil.example" }),
    await get("/live?view=/", { accept: "text/event-stream" }),
    await post("/login", {}),
    await post("/nowhere", {}, { "sec-fetch-site": "cross-site" }),
  ];
  for (const answer of answers) {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) assert.is(answer.headers.get(name), value, name);
    assert.is(answer.headers.get("strict-transport-security"), null);
  }
});

s("nothing of a page is written into it that the policy forbids", async () => {
  const { get } = await opened();
  for (const path of ["/", "/nowhere", "/rights"]) {
    const text = await (await get(path)).text();
    assert.not.match(text, /<script(?![^>]* src=)|<style| style=| on\w+=|javascript:/i);
  }
});

const known = [
  "127.0.0.1:8082",
  "[::1]:8082",
  "localhost:8082",
  "headwind-ui.headwind-system.svc:8082",
  "headwind.example",
];
const strange = ["evil.example", "headwind.example.evil.example", "127.0.0.1.evil.example", "a/b", "evil.example:8082"];
for (const mode of ["none", "token", "proxy"]) {
  s(`a name that only leads here is refused, in mode ${mode}`, async () => {
    const env = {
      HEADWIND_UI_AUTH_MODE: mode,
      HEADWIND_UI_URL: "https://headwind.example",
      HEADWIND_API_HOSTS: "other.example",
    };
    const { get } = await opened({ env });
    for (const host of [...known, "other.example"]) assert.is.not((await get("/", { host })).status, 403, host);
    for (const host of strange) {
      for (const path of ["/", "/login", "/live", "/assets/x.js"]) {
        assert.is((await get(path, { host })).status, 403, `${host} ${path}`);
      }
    }
  });
}

const paths = ["/", "/nowhere", "/updates/a/b/approve", "/login", "/logout"];
s("what changes something comes from a page of its own", async () => {
  const { post } = await opened({ env: { HEADWIND_UI_URL: "https://headwind.example" } });
  for (const path of paths) {
    for (const site of ["cross-site", "same-site", "else"]) {
      assert.is((await post(path, {}, { "sec-fetch-site": site, origin: "https://headwind.example" })).status, 403);
    }
  }
});

s("where a browser says only its page's origin, that is its own or the address of the settings", async () => {
  const { post } = await opened({ env: { HEADWIND_UI_URL: "https://headwind.example" } });
  const older = async (origin: string) => {
    const headers = { origin, "sec-fetch-site": "" };
    return (await post("/nowhere", {}, headers)).status;
  };
  for (
    const origin of ["null", "https://evil.example", "http://localhost:1", "https://headwind.example.evil.example"]
  ) {
    assert.is(await older(origin), 403, origin);
  }
  for (const origin of ["https://headwind.example", "http://localhost:8082"]) {
    assert.is(await older(origin), 404, origin);
  }
});

s("what changes something is a form, and a small one", async () => {
  const { post } = await opened({ env: { HEADWIND_UI_AUTH_MODE: "token" } });
  for (
    const type of [
      "application/json",
      "text/plain",
      "multipart/form-data; boundary=x",
      "",
      "application/x-www-form-urlencodedx",
    ]
  ) {
    assert.is((await post("/login", {}, { "content-type": type })).status, 415, type);
  }
  assert.is((await post("/login", { token: "x".repeat(40_000) })).status, 413);
  assert.is((await post("/login", { token: "" })).status, 400);
});

s("no other methods", async () => {
  const { get, context } = await opened();
  assert.is((await get("/")).status, 200);
  const { default: createDashboard } = await import("../../../ui/web/app.ts");
  const dashboard = await createDashboard(context);
  for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const answer = await dashboard.fetch(new Request("http://localhost/", { method }), {});
    assert.is(answer.status, 405, method);
  }
});

s("what strangers write into an address is text in the answer", async () => {
  const { get } = await opened();
  for (const [name, text] of Object.entries(HOSTILE)) {
    const answer = await get(`/nowhere/${encodeURIComponent(text.slice(0, 2000).toWellFormed())}`);
    assert.is(answer.status, 404, name);
    assert.not.match(await answer.text(), HOSTILE_MARKUP, name);
  }
});

s.run();
