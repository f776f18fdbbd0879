import * as z from "zod";
import { PROXY_SECRET_HEADER } from "./proxy_identity.ts";
import {
  approveBody,
  changedBody,
  containerPlace,
  errorBody,
  historyBody,
  holdBody,
  kindQuery,
  oldRollbackBody,
  pendingQuery,
  place,
  rejectBody,
  rollbackBody,
  updateRequestBody,
} from "./schemas.ts";

/** The schemas by which documents and generated clients call them, and whether they are what is sent or what is answered. */
const NAMED: readonly [name: string, schema: z.ZodType, io: "input" | "output"][] = [
  ["UpdateRequest", updateRequestBody, "output"],
  ["Change", changedBody, "output"],
  ["History", historyBody, "output"],
  ["Error", errorBody, "output"],
  ["Approval", approveBody, "input"],
  ["Rejection", rejectBody, "input"],
  ["Rollback", rollbackBody, "input"],
  ["RollbackOfContainer", oldRollbackBody, "input"],
  ["Hold", holdBody, "input"],
];
const plain = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
};
const schemaOf = (schema: z.ZodType, io: "input" | "output" = "output"): object => {
  const name = NAMED.find(([, known]) => known === schema)?.[0];
  if (name) return { $ref: `#/components/schemas/${name}` };
  if (schema instanceof z.ZodArray) return { type: "array", items: schemaOf(schema.element as z.ZodType, io) };
  return plain(schema, io);
};
const json = (...of: Parameters<typeof schemaOf>) => ({ "application/json": { schema: schemaOf(...of) } });
const failure = (description: string) => ({ description, content: json(errorBody) });
const parameters = (where: "path" | "query", { shape }: z.ZodObject) =>
  Object.entries(shape).map(([name, schema]) => ({
    name,
    in: where,
    required: where === "path",
    schema: schemaOf(schema as z.ZodType),
  }));
const named = parameters("path", place);
const wrong = failure("The names or the body are wrong; `field` says where");
const one = { description: "The UpdateRequest", content: json(updateRequestBody) };
const away = failure("The API server cannot be asked now; Retry-After says when to come again");

const securitySchemes = {
  token: {
    type: "http",
    scheme: "bearer",
    description: "A token of the cluster, with which the decision is written, or of the OpenID issuer in the settings",
  },
  proxy: {
    type: "apiKey",
    in: "header",
    name: PROXY_SECRET_HEADER,
    description: "The secret of a trusted proxy, which names the user and their groups in headers of their own",
  },
};
const proof = [{ token: [] }, { proxy: [] }];
const unproven = {
  ...failure("Who calls is not proven, or the proof is none"),
  headers: { "WWW-Authenticate": { schema: { type: "string" } } },
};

/** A route that reads: who reads has to be proven too, and sees what they may list, unless everybody is believed. */
function read(
  { responses, ...of }: { operationId: string; summary: string; parameters: unknown[]; responses: object },
  open: boolean,
) {
  return {
    get: {
      ...of,
      security: open ? [...proof, {}] : proof,
      responses: { ...responses, "401": unproven, "403": failure("The caller may not read it"), "503": away },
    },
  };
}

interface Write {
  operationId: string;
  summary: string;
  parameters: unknown[];
  body: z.ZodType;
  required?: boolean;
  answer: { description: string; content: unknown };
  conflict: string;
}

/** A route that writes: who calls has to be proven, unless everybody is believed. */
function write({ operationId, summary, parameters, body, required = false, answer, conflict }: Write, open: boolean) {
  return {
    operationId,
    security: open ? [...proof, {}] : proof,
    summary,
    parameters,
    requestBody: { required, content: json(body, "input") },
    responses: {
      "200": answer,
      "400": wrong,
      "401": unproven,
      "403": failure("The caller may not do it, signs as somebody else, or is a page of another site"),
      "404": failure("There is none of that name"),
      "409": failure(conflict),
      "413": failure("The body is larger than 1 MiB"),
      "415": failure("It does not say application/json"),
      "503": failure("The API server, or the OpenID issuer, cannot be asked now; Retry-After says when to come again"),
    },
  };
}

const decision = (verb: "approve" | "reject", body: z.ZodType, open: boolean) => ({
  post: write({
    operationId: verb,
    summary: `${verb === "approve" ? "Approves" : "Rejects"} an update that waits`,
    parameters: named,
    body,
    answer: one,
    conflict: "It does not wait for a decision any more",
  }, open),
});

const container = [...parameters("path", containerPlace), ...parameters("query", kindQuery)];
const changed = { description: "What was done", content: json(changedBody) };
const severalOr = (what: string) => `Several workloads have the name: \`kind\` says which; or ${what}`;

const change = (what: "rollback" | "hold" | "resume", summary: string, conflict: string, open: boolean) => ({
  post: write({
    operationId: what,
    summary,
    parameters: container,
    body: what === "rollback" ? rollbackBody : holdBody,
    answer: changed,
    conflict: severalOr(conflict),
  }, open),
});

const history = (operationId: string, open: boolean) =>
  read({
    operationId,
    summary: "The last changes of a workload, newest first",
    parameters: [...named, ...parameters("query", kindQuery)],
    responses: {
      "200": { description: "Entries of the history", content: json(historyBody) },
      "400": wrong,
      "404": failure("There is no such workload"),
      "409": failure("Several workloads have the name: `kind` says which"),
    },
  }, open);

const health = (summary: string, responses = {}) => ({
  get: { summary, responses: { "200": { description: "Yes" }, ...responses } },
});

/** OpenAPI 3.1 of the approval API; its bodies are the schemas that are checked. `open`: nobody has to prove who they are. */
export function openApiDocument(version: string, open = false) {
  return {
    openapi: "3.1.0",
    info: { title: "Headwind approval API", version, license: { name: "MIT", identifier: "MIT" } },
    components: {
      securitySchemes,
      schemas: Object.fromEntries(NAMED.map(([name, schema, io]) => [name, plain(schema, io)])),
    },
    paths: {
      "/api/v1/updates": read({
        operationId: "list",
        summary:
          "The updates that wait, of the namespaces whose UpdateRequests the caller may list, by namespace and name",
        parameters: parameters("query", pendingQuery),
        responses: {
          "200": {
            description: 'UpdateRequests; where there are more, `Link` leads to them (`rel="next"`)',
            headers: { Link: { schema: { type: "string" } } },
            content: json(z.array(updateRequestBody)),
          },
          "400": wrong,
        },
      }, open),
      "/api/v1/updates/{namespace}/{name}": read({
        operationId: "get",
        summary: "One update",
        parameters: named,
        responses: { "200": one, "400": wrong, "404": failure("There is none of that name") },
      }, open),
      "/api/v1/updates/{namespace}/{name}/approve": decision("approve", approveBody, open),
      "/api/v1/updates/{namespace}/{name}/reject": decision("reject", rejectBody, open),
      "/api/v1/rollback/{namespace}/{name}": {
        ...history("historyOfWorkload", open),
        post: write({
          operationId: "rollbackOfWorkload",
          summary: "Takes the container that the body names back to an earlier version",
          parameters: [...named, ...parameters("query", kindQuery)],
          body: oldRollbackBody,
          required: true,
          answer: changed,
          conflict: severalOr("the history knows no such version"),
        }, open),
      },
      "/api/v1/rollback/{namespace}/{name}/history": history("history", open),
      "/api/v1/rollback/{namespace}/{name}/{container}": change(
        "rollback",
        "Takes a container back to an earlier version of its history, and holds what it runs now",
        "the history knows no such version",
        open,
      ),
      "/api/v1/hold/{namespace}/{name}/{container}": change(
        "hold",
        "Holds a version for a container, or all of them",
        "there is no such container",
        open,
      ),
      "/api/v1/resume/{namespace}/{name}/{container}": change(
        "resume",
        "Lets go what is held for a container",
        "nothing like it is held",
        open,
      ),
      "/openapi.json": health("This document"),
      "/healthz": health("Whether it runs"),
      "/readyz": health("Whether it can serve", { "503": { description: "No, and why not" } }),
      "/health": health("Both, as JSON"),
    },
  };
}
