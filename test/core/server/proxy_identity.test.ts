import * as assert from "uvu/assert";
import { request as httpRequest } from "node:http";
import { suite } from "uvu";
import { BadRequest } from "../../../core/server/http_errors.ts";
import { proxiedSubject } from "../../../core/server/proxy_identity.ts";
import { serve } from "../../../core/runtime/serve.ts";

const s = suite("whom a trusted proxy names");
const options = {
  secret: "a-secret-of-16-characters",
  userHeader: "X-Forwarded-User",
  groupsHeader: "X-Forwarded-Groups",
};
const json = { "content-type": "application/json; charset=utf-8" };
const proof = { "x-headwind-proxy-secret": options.secret };

const asked = (headers: Record<string, string>) =>
  proxiedSubject(new Request("http://127.0.0.1/", { method: "POST", headers: { ...json, ...headers } }), options);

async function refused(headers: Record<string, string>, status: number, field?: string): Promise<void> {
  const error = await asked(headers).then(() => undefined, (thrown) => thrown);
  assert.instance(error, BadRequest);
  assert.equal([error.status, error.field], [status, field]);
}

s("the user and the groups", async () => {
  const person = await asked({
    ...proof,
    "x-forwarded-user": " ann ",
    "x-forwarded-groups": "dev, ops,,system:masters",
  });
  assert.equal(person, { user: "ann", groups: ["dev", "ops", "system:authenticated"] });
  assert.equal(await asked({ ...proof, "x-forwarded-user": "ann" }), { user: "ann", groups: ["system:authenticated"] });
});

s("nobody without the secret, whatever the headers say", async () => {
  assert.is(await asked({ "x-forwarded-user": "ann", "x-forwarded-groups": "dev" }), undefined);
});

s("a wrong secret is told, an empty one too", async () => {
  for (const secret of ["another-secret-of-16", "", options.secret + "x", options.secret.slice(1)]) {
    await refused({ "x-headwind-proxy-secret": secret, "x-forwarded-user": "ann" }, 401, "X-Headwind-Proxy-Secret");
  }
});

s("nobody where the proxy names nobody", async () => {
  assert.is(await asked(proof), undefined);
  assert.is(await asked({ ...proof, "x-forwarded-user": "  " }), undefined);
});

s("none of Kubernetes' own names, and none that is too long to be written down", async () => {
  await refused({ ...proof, "x-forwarded-user": "system:admin" }, 403);
  await refused({ ...proof, "x-forwarded-user": "a".repeat(513) }, 403);
});

s("what another site's page can make a browser send is refused", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]) {
    await refused({ ...proof, "x-forwarded-user": "ann", "content-type": type }, 415, "Content-Type");
  }
});

s("a header that somebody before the proxy sent too is refused, and named", async () => {
  const server = await serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) =>
      Response.json(
        await proxiedSubject(request, options).catch(({ status, field }: BadRequest) => ({ status, field })) ?? {},
      ),
  });
  const sent = (headers: Record<string, string | string[]>) =>
    new Promise((resolve, reject) => {
      const call = httpRequest(
        { port: server.port, host: "127.0.0.1", headers: { ...proof, ...headers } },
        (answer) => {
          let text = "";
          answer.on("data", (piece) => text += piece);
          answer.on("end", () => resolve(JSON.parse(text)));
        },
      );
      call.on("error", reject);
      call.end();
    });
  try {
    const [user, groups] = [{ "x-forwarded-user": "ann" }, { "x-forwarded-groups": "dev" }];
    assert.equal(await sent({ ...user, ...groups }), { user: "ann", groups: ["dev", "system:authenticated"] });
    assert.equal(await sent({ ...user, "x-forwarded-groups": ["release", "dev"] }), {
      status: 400,
      field: "X-Forwarded-Groups",
    });
    assert.equal(await sent({ ...groups, "x-forwarded-user": ["eve", "ann"] }), {
      status: 400,
      field: "X-Forwarded-User",
    });
  } finally {
    await server.stop();
  }
});

s.run();
