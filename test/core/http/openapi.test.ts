import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as z from "zod";
import { type Approval, approval } from "./approval.ts";
import { KubeError } from "../../../core/kube/errors.ts";
import { openApiDocument } from "../../../core/http/openapi.ts";

const s = suite("OpenAPI document of the approval API");

interface Operation {
  operationId?: string;
  summary: string;
  parameters?: { name: string; in: "path" | "query"; required: boolean; schema: z.core.JSONSchema.JSONSchema }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
type Content = { "application/json": { schema: z.core.JSONSchema.JSONSchema } };

const document = openApiDocument("1.2.3");
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation }))
);
const schema = ({ content }: { content?: Content }) =>
  content && z.fromJSONSchema(content["application/json"].schema as never);

s("describes the routes that exist, and no other", () => {
  const routes = approval().routes().map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  assert.equal(operations.map(({ name }) => name).sort(), [...new Set(routes)].sort());
});

s("is served as it is, with the operator's version", async () => {
  const answer = await approval().fetch("GET", "/openapi.json");
  assert.equal(await answer.json(), JSON.parse(JSON.stringify(document)));
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

const base = "/api/v1/updates";
const away = (one: Approval) => void (one.fault = new KubeError(503, "", "away"));
/** A call for each answer of each operation. */
const calls: { operation: string; status: number; path: string; body?: string; before?: (one: Approval) => void }[] = [
  { operation: `GET ${base}`, status: 200, path: base },
  { operation: `GET ${base}`, status: 400, path: `${base}?namespace=A` },
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
      { operation, status: 404, path: `${base}/default/b/${verb}` },
      { operation, status: 409, path: `${base}/default/done/${verb}` },
      { operation, status: 413, path: `${base}/default/a/${verb}`, body: " ".repeat((1 << 20) + 1) },
      { operation, status: 503, path: `${base}/default/a/${verb}`, before: away },
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

for (const { operation, status, path, body, before } of calls) {
  s(`${operation}: ${status} as it says`, async () => {
    const one = approval();
    before?.(one);
    const answer = await one.fetch(operation.split(" ")[0]!, path, body);
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

const bodies: [string, string, unknown, boolean][] = [
  ["approve", "nothing", {}, true],
  ["approve", "a name", { approver: "ann" }, true],
  ["approve", "no name", { approver: "" }, false],
  ["approve", "a number", { approver: 1 }, false],
  ["reject", "a reason", { reason: "no" }, true],
  ["reject", "a long reason", { reason: "x".repeat(1025) }, false],
  ["reject", "a list", [], false],
];
for (const [verb, what, body, allowed] of bodies) {
  s(`${verb} with ${what}: the document and the API say ${allowed ? "yes" : "no"}`, async () => {
    const { operation } = operations.find(({ path }) => path.endsWith(`/${verb}`))!;
    assert.is(schema(operation.requestBody!)!.safeParse(body).success, allowed);
    const answer = await approval().fetch("POST", `${base}/default/a/${verb}`, JSON.stringify(body));
    assert.is(answer.status, allowed ? 200 : 400);
  });
}

s("the schemas refuse what they should: the tests above can fail", () => {
  const { responses } = paths[base]!.get!;
  assert.not(schema(responses["200"]!)!.safeParse([{ kind: "UpdateRequest" }]).success);
  assert.not(schema(responses["503"]!)!.safeParse({}).success);
});

s.run();
