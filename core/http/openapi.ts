import * as z from "zod";
import { approveBody, errorBody, rejectBody, updateRequestBody } from "./schemas.ts";

const json = (schema: z.ZodType, io: "input" | "output" = "output") => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return { "application/json": { schema: rest } };
};
const failure = (description: string) => ({ description, content: json(errorBody) });
const parameter = (name: string, place: "path" | "query") => ({
  name,
  in: place,
  required: place === "path",
  schema: { type: "string" },
});
const named = [parameter("namespace", "path"), parameter("name", "path")];
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
        "400": failure("The body is wrong; `field` says where"),
        "404": failure("There is none of that name"),
        "409": failure("It does not wait for a decision any more"),
        "413": failure("The body is larger than 1 MiB"),
        "503": away,
      },
    },
  };
}

const health = (summary: string) => ({ get: { summary, responses: { "200": { description: "Yes" } } } });

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
          parameters: [parameter("namespace", "query")],
          responses: {
            "200": { description: "UpdateRequests", content: json(z.array(updateRequestBody)) },
            "503": away,
          },
        },
      },
      "/api/v1/updates/{namespace}/{name}": {
        get: {
          operationId: "get",
          summary: "One update",
          parameters: named,
          responses: { "200": one, "404": failure("There is none of that name"), "503": away },
        },
      },
      "/api/v1/updates/{namespace}/{name}/approve": decision("approve", approveBody),
      "/api/v1/updates/{namespace}/{name}/reject": decision("reject", rejectBody),
      "/openapi.json": health("This document"),
      "/healthz": health("Whether it runs"),
      "/readyz": health("Whether it can serve"),
      "/health": health("Both, as JSON"),
    },
  };
}
