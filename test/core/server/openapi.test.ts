import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as z from "zod";
import { documentOf, type Harness, harness, proxySecret } from "./api_harness.ts";
import { KubeError } from "../../../core/kube/kube_error.ts";
import { workloadOf } from "../../support/build/workload.ts";

const s = suite("OpenAPI document of the approval API");

interface Operation {
  operationId?: string;
  summary: string;
  parameters?: { name: string; in: "path" | "query"; required: boolean; schema: z.core.JSONSchema.JSONSchema }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
type Content = { "application/json": { schema: z.core.JSONSchema.JSONSchema } };

const document = await documentOf();
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation }))
);
/** With what it refers to in its place. */
function whole(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(whole);
  if (typeof schema !== "object" || schema === null) return schema;
  const name = /^#\/components\/schemas\/(\w+)$/.exec((schema as { $ref?: string }).$ref ?? "")?.[1];
  if (name) return document.components.schemas[name];
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, whole(value)]));
}
const schema = ({ content }: { content?: Content }) =>
  content && z.fromJSONSchema(whole(content["application/json"].schema) as never);

s("each body and answer has a name, every name is used, and every reference leads to one", () => {
  const text = JSON.stringify(document);
  const used = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!));
  assert.equal([...used].sort(), Object.keys(document.components.schemas).sort());
  for (const { operation } of operations) {
    for (const { content } of [operation.requestBody, ...Object.values(operation.responses)].filter((one) => !!one)) {
      if (content) assert.match(JSON.stringify(content["application/json"].schema), /"\$ref"/, operation.summary);
    }
  }
});

s("describes the routes that exist, and no other", () => {
  const routes = harness().routes().map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  assert.equal(operations.map(({ name }) => name).sort(), [...new Set(routes)].sort());
});

s("is served as it is, with the operator's version", () => {
  assert.is(document.openapi, "3.1.0");
  assert.is(document.info.version, "1.2.3");
});

s("names each operation once, and the parameters that its path has", () => {
  const ids = operations.flatMap(({ operation }) => operation.operationId ?? []);
  assert.is(new Set(ids).size, ids.length);
  for (const { path, operation } of operations) {
    const named = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    assert.equal(named.map(({ name }) => `{${name}}`), path.match(/\{\w+\}/g) ?? []);
    assert.ok(named.every(({ required }) => required));
  }
});

const [base, rollback] = ["/api/v1/updates", "/api/v1/rollback"];
const away = (one: Harness) => void (one.fault = new KubeError(503, "", "away"));
const held = JSON.stringify([{ container: "app", at: "2026-01-01T11:00:00Z", by: "ann", reason: "a freeze" }]);
const holds = ({ workloads }: Harness) =>
  void workloads.all.set("Deployment/default/web", workloadOf({ image: "app:1.2.0", annotations: { held } }));
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };
const proxied = (secret: string) => ({ "x-headwind-proxy-secret": secret, "x-forwarded-user": "mallory" });
interface Call {
  operation: string;
  status: number;
  path: string;
  body?: string;
  headers?: Record<string, string>;
  before?: ((one: Harness) => void) | undefined;
}
/** A call for each answer of each operation. */
const calls: Call[] = [
  { operation: `GET ${base}`, status: 200, path: base },
  { operation: `GET ${base}`, status: 400, path: `${base}?namespace=A` },
  ...[base, `${base}/default/a`, `${rollback}/default/web`, `${rollback}/default/web/history`].flatMap((path) => {
    const operation = `GET ${path.replace("default", "{namespace}").replace(/\/(a|web)\b/, "/{name}")}`;
    return [
      { operation, status: 401, path, headers: proxied("a-wrong-secret") },
      {
        operation,
        status: 403,
        path: path === base ? `${base}?namespace=default` : path,
        headers: proxied(proxySecret),
      },
    ];
  }),
  { operation: `GET ${base}`, status: 503, path: base, before: away },
  { operation: `GET ${base}/{namespace}/{name}`, status: 200, path: `${base}/default/done` },
  { operation: `GET ${base}/{namespace}/{name}`, status: 400, path: `${base}/default/A` },
  { operation: `GET ${base}/{namespace}/{name}`, status: 404, path: `${base}/default/b` },
  { operation: `GET ${base}/{namespace}/{name}`, status: 503, path: `${base}/default/a`, before: away },
  ...["approve", "reject"].flatMap((verb) => {
    const operation = `POST ${base}/{namespace}/{name}/${verb}`;
    return [
      { operation, status: 200, path: `${base}/default/a/${verb}` },
      { operation, status: 400, path: `${base}/default/a/${verb}`, body: '{"approver":1}' },
      { operation, status: 401, path: `${base}/default/a/${verb}`, headers: proxied("a-wrong-secret") },
      { operation, status: 403, path: `${base}/default/a/${verb}`, headers: { ...proxied(proxySecret), ...json } },
      { operation, status: 404, path: `${base}/default/b/${verb}` },
      { operation, status: 409, path: `${base}/default/done/${verb}` },
      { operation, status: 413, path: `${base}/default/a/${verb}`, body: " ".repeat((1 << 20) + 1) },
      { operation, status: 415, path: `${base}/default/a/${verb}`, body: "a=b", headers: form },
      { operation, status: 503, path: `${base}/default/a/${verb}`, before: away },
    ];
  }),
  ...[`${rollback}/{namespace}/{name}`, `${rollback}/{namespace}/{name}/history`].flatMap((path) => {
    const operation = `GET ${path}`;
    const of = (name: string) => path.replace("{namespace}", "default").replace("{name}", name);
    return [
      { operation, status: 200, path: of("web") },
      { operation, status: 400, path: of("A") },
      { operation, status: 404, path: of("no") },
      { operation, status: 409, path: of("both") },
      { operation, status: 503, path: of("web"), before: away },
    ];
  }),
  ...[
    { route: "rollback/{namespace}/{name}", body: { container: "app" }, conflict: { container: "nope" } },
    { route: "rollback/{namespace}/{name}/{container}", body: {}, conflict: { image: "9" } },
    { route: "hold/{namespace}/{name}/{container}", body: {}, conflict: { image: "other:1" } },
    { route: "resume/{namespace}/{name}/{container}", body: {}, conflict: {}, before: holds },
  ].flatMap(({ route, body, conflict, before }) => {
    const operation = `POST /api/v1/${route}`;
    const of = (name: string) =>
      `/api/v1/${route}`.replace("{namespace}", "default").replace("{name}", name).replace("{container}", "app");
    const call = (status: number, name: string, rest: Partial<Call> = {}): Call => ({
      operation,
      status,
      path: of(name),
      body: JSON.stringify(body),
      ...rest,
    });
    return [
      call(200, "web", before ? { before } : {}),
      call(400, "web", { body: '{"user":1}' }),
      call(401, "web", { headers: proxied("a-wrong-secret") }),
      call(403, "web", { headers: { ...proxied(proxySecret), ...json } }),
      call(404, "no"),
      call(409, "web", { body: JSON.stringify(conflict) }),
      call(413, "web", { body: " ".repeat((1 << 20) + 1) }),
      call(415, "web", { headers: form }),
      call(503, "web", { before: away }),
    ];
  }),
  ...["/openapi.json", "/healthz", "/readyz", "/health"].map((path) => ({
    operation: `GET ${path}`,
    status: 200,
    path,
  })),
  { operation: "GET /readyz", status: 503, path: "/readyz", before: (one) => void (one.unready = ["not yet"]) },
];

s("every answer that it tells of is among the calls below, and the other way round", () => {
  const described = operations.flatMap(({ name, operation }) =>
    Object.keys(operation.responses).map((status) => `${name} ${status}`)
  );
  assert.equal(described.sort(), calls.map(({ operation, status }) => `${operation} ${status}`).sort());
});

for (const { operation, status, path, body, headers, before } of calls) {
  s(`${operation}: ${status} as it says`, async () => {
    const one = harness();
    before?.(one);
    const method = operation.split(" ")[0]!;
    const answer = await one.fetch(method, path, body, headers);
    assert.is(answer.status, status);
    const described = operations.find(({ name }) => name === operation)!.operation.responses[status]!;
    assert.ok(described.description.length > 1);
    const wanted = schema(described);
    if (wanted) {
      const read = wanted.safeParse(await answer.json());
      assert.ok(read.success, String(read.error));
    }
  });
}

const bodies: [path: string, what: string, body: unknown, allowed: boolean][] = [
  ["rollback/default/web/app", "nothing", {}, true],
  ["rollback/default/web/app", "an image", { image: "1.0.0" }, true],
  ["rollback/default/web/app", "an entry", { index: 1 }, true],
  ["rollback/default/web/app", "an entry below nought", { index: -1 }, false],
  ["rollback/default/web/app", "a text for an entry", { index: "1" }, false],
  ["rollback/default/web/app", "a user and a reason", { user: "ann", reason: "slow" }, true],
  ["rollback/default/web/app", "no user", { user: "" }, false],
  ["rollback/default/web", "a container", { container: "app" }, true],
  ["rollback/default/web", "no container", {}, false],
  ["rollback/default/web", "a container that is none", { container: "../app" }, false],
  ["hold/default/web/app", "nothing", {}, true],
  ["hold/default/web/app", "a tag", { image: "1.3.0" }, true],
  ["hold/default/web/app", "no tag", { image: "" }, false],
  ["hold/default/web/app", "a long reason", { reason: "x".repeat(1025) }, false],
  ["updates/default/a/approve", "nothing", {}, true],
  ["updates/default/a/approve", "a name", { approver: "ann" }, true],
  ["updates/default/a/approve", "no name", { approver: "" }, false],
  ["updates/default/a/approve", "a number", { approver: 1 }, false],
  ["updates/default/a/reject", "a reason", { reason: "no" }, true],
  ["updates/default/a/reject", "a long reason", { reason: "x".repeat(1025) }, false],
  ["updates/default/a/reject", "a list", [], false],
];
for (const [path, what, body, allowed] of bodies) {
  s(`POST ${path} with ${what}: the document and the API say ${allowed ? "yes" : "no"}`, async () => {
    const { operation } = operations.find(({ name }) => {
      const [method, template] = name.split(" ");
      return method === "POST" && new RegExp(`^${template!.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(`/api/v1/${path}`);
    })!;
    assert.is(schema(operation.requestBody!)!.safeParse(body).success, allowed);
    const answer = await harness().fetch("POST", `/api/v1/${path}`, JSON.stringify(body));
    assert.is(answer.status, allowed ? 200 : 400);
  });
}

s("the schemas refuse what they should: the tests above can fail", () => {
  const { responses } = paths[base]!.get!;
  assert.not(schema(responses["200"]!)!.safeParse([{ kind: "UpdateRequest" }]).success);
  assert.not(schema(responses["503"]!)!.safeParse({}).success);
});

s("says how a caller proves who they are, and where they need not", async () => {
  assert.equal(Object.keys(document.components.securitySchemes), ["token", "proxy"]);
  for (const open of [false, true]) {
    for (const methods of Object.values((await documentOf({ open })).paths) as { post?: { security: unknown } }[]) {
      if (!methods.post) continue;
      assert.equal(methods.post.security, [{ token: [] }, { proxy: [] }, ...(open ? [{}] : [])]);
    }
  }
});

s.run();
