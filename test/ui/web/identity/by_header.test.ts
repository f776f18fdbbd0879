import * as assert from "uvu/assert";
import { suite } from "uvu";
import { opened } from "./opened.ts";

const s = suite("who asks, by a proxy's word");
const secret = "a-secret-of-16-characters";
const shown = { "x-headwind-proxy-secret": secret };
const modes = [
  ["simple", "x-user", {}],
  ["proxy", "x-forwarded-user", {}],
  ["proxy", "x-auth-request-user", { HEADWIND_UI_PROXY_HEADER: "X-Auth-Request-User" }],
] as const;

const said = async (response: Response) => [response.status, await response.text()] as const;

for (const [mode, header, more] of modes) {
  const env = { HEADWIND_UI_AUTH_MODE: mode, HEADWIND_PROXY_SECRET: secret, ...more };
  const listed = { HEADWIND_UI_AUTH_MODE: mode, HEADWIND_UI_TRUSTED_PROXIES: "10.0.0.0/24, ::1", ...more };

  s(`${mode}: ${header} with the secret, or from an address of the list`, async () => {
    const bySecret = await opened({ env });
    assert.match(
      (await said(await bySecret.get("/", { ...shown, [header]: "ann" })))[1],
      /<span>ann</,
    );
    const byAddress = await opened({ env: listed });
    for (const from of ["10.0.0.7", "::ffff:10.0.0.7", "::1"]) {
      assert.is((await byAddress.get("/", { [header]: "ann" }, from)).status, 200, from);
    }
  });

  s(`${mode}: of anybody else ${header} is nothing, and they are told why`, async () => {
    const bySecret = await opened({ env });
    const [status, text] = await said(await bySecret.get("/", { [header]: "ann" }));
    assert.is(status, 401);
    assert.match(text, "trusted proxy");
    assert.is((await bySecret.get("/", { [header]: "ann", "x-headwind-proxy-secret": `${secret}x` })).status, 401);
    assert.is((await bySecret.get("/", { [header]: "ann", "x-headwind-proxy-secret": "" })).status, 401);
    const byAddress = await opened({ env: listed });
    for (const from of ["10.0.1.7", "::2", "", "10.0.0.7, 10.9.9.9"]) {
      assert.is((await byAddress.get("/", { [header]: "ann", "x-forwarded-for": "10.0.0.7" }, from)).status, 401, from);
    }
  });

  s(`${mode}: nobody named is nobody, never somebody called anonymous`, async () => {
    const { get } = await opened({ env });
    for (const name of ["", "  "]) {
      const answer = await get("/", { ...shown, [header]: name });
      assert.is(answer.status, 401);
      assert.not.match(await answer.text(), "anonymous");
    }
  });

  s(`${mode}: Kubernetes' own names are nobody's`, async () => {
    const { get } = await opened({ env });
    assert.is((await get("/", { ...shown, [header]: "system:admin" })).status, 403);
  });

  s(`${mode}: a stream and a part of a page are answered 401, and led nowhere`, async () => {
    const { get } = await opened({ env });
    for (const [name, value] of [["accept", "text/event-stream"], ["hx-request", "true"]] as const) {
      const answer = await get("/live?view=/", { [name]: value });
      assert.is(answer.status, 401);
      assert.is(answer.headers.get("location"), null);
      assert.is(answer.headers.get("hx-redirect"), null);
    }
    assert.is((await get("/login", { ...shown, [header]: "ann" })).status, 404, "nobody signs in here");
  });
}

s("groups count where the proxy says them, and in simple mode never", async () => {
  for (const [mode, header] of modes.slice(0, 2)) {
    const asked: unknown[] = [];
    const { get } = await opened({
      env: { HEADWIND_UI_AUTH_MODE: mode, HEADWIND_PROXY_SECRET: secret },
      change: (context) => ({
        ...context,
        callers: {
          ...context.callers,
          vouch(subject) {
            asked.push(subject);
            return context.callers.vouch(subject);
          },
        },
      }),
    });
    await get("/", { ...shown, [header]: "ann", "x-forwarded-groups": "dev, system:masters" });
    const groups = mode === "proxy" ? ["dev", "system:authenticated"] : ["system:authenticated"];
    assert.equal(asked, [{ user: "ann", groups }]);
  }
});

s.run();
