import * as z from "zod";
import { approveBody, errorBody, pendingQuery, place, rejectBody, updateRequestBody } from "./schemas.ts";

const schemaOf = (schema: z.ZodType, io: "input" | "output" = "output") => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
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

function decision(verb: "approve" | "reject", body: z.ZodType) {
  return {
    post: {
      operationId: verb,
      summary: `${verb === "approve" ? "Approves" : "Rejects"} an update that waits`,
      parameters: named,
      requestBody: { required: false, content: json(body, "input") },
      responses: {
        "200": one,
        "400": wrong,
        "404": failure("There is none of that name"),
        "409": failure("It does not wait for a decision any more"),
        "413": failure("The body is larger than 1 MiB"),
        "503": away,
      },
    },
  };
}

const health = (summary: string, responses = {}) => ({
  get: { summary, responses: { "200": { description: "Yes" }, ...responses } },
});

/** OpenAPI 3.1 of the approval API; its bodies are the schemas that are checked. */
export function openApiDocument(version: string) {
  return {
    openapi: "3.1.0",
    info: { title: "Headwind approval API", version, license: { name: "MIT", identifier: "MIT" } },
    paths: {
      "/api/v1/updates": {
        get: {
          operationId: "list",
          summary: "The updates that wait",
          parameters: parameters("query", pendingQuery),
          responses: {
            "200": { description: "UpdateRequests", content: json(z.array(updateRequestBody)) },
            "400": wrong,
            "503": away,
          },
        },
      },
      "/api/v1/updates/{namespace}/{name}": {
        get: {
          operationId: "get",
          summary: "One update",
          parameters: named,
          responses: { "200": one, "400": wrong, "404": failure("There is none of that name"), "503": away },
        },
      },
      "/api/v1/updates/{namespace}/{name}/approve": decision("approve", approveBody),
      "/api/v1/updates/{namespace}/{name}/reject": decision("reject", rejectBody),
      "/openapi.json": health("This document"),
      "/healthz": health("Whether it runs"),
      "/readyz": health("Whether it can serve", { "503": { description: "No, and why not" } }),
      "/health": health("Both, as JSON"),
    },
  };
}
