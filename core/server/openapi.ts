import * as z from "zod";
import { PROXY_SECRET_HEADER } from "./proxy_identity.ts";
import type { Answer, Route } from "./route.ts";
import {
  approveBody,
  changedBody,
  errorBody,
  historyBody,
  holdBody,
  oldRollbackBody,
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

const SECURITY_SCHEMES = {
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

const UNPROVEN: Answer = {
  description: "Who calls is not proven, or the proof is none",
  body: errorBody,
  headers: ["WWW-Authenticate"],
};
const WRONG = "The names or the body are wrong; `field` says where";

/** What every route that takes a proof answers, besides its own. */
const OF_ACCESS: Readonly<Record<NonNullable<Route["access"]>, Readonly<Record<number, Answer>>>> = {
  read: {
    400: WRONG,
    401: UNPROVEN,
    403: "The caller may not read it",
    503: "The API server cannot be asked now; Retry-After says when to come again",
  },
  write: {
    400: WRONG,
    401: UNPROVEN,
    403: "The caller may not do it, signs as somebody else, or is a page of another site",
    413: "The body is larger than 1 MiB",
    415: "It does not say application/json",
    503: "The API server, or the OpenID issuer, cannot be asked now; Retry-After says when to come again",
  },
};

/**
 * OpenAPI 3.1 of the approval API, out of its routes.
 *
 * @param open whether nobody has to prove who they are
 */
export function openApiDocument(routes: readonly Route[], version: string, open = false) {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of routes) {
    (paths[one.path] ??= {})[one.method.toLowerCase()] = operationOf(one, open);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Headwind approval API", version, license: { name: "MIT", identifier: "MIT" } },
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: Object.fromEntries(NAMED.map(([name, schema, io]) => [name, inlineSchema(schema, io)])),
    },
    paths,
  };
}

function operationOf(route: Route, open: boolean): object {
  const { operationId, access, summary, params, query, body, bodyRequired = false } = route;
  const proof = [{ token: [] }, { proxy: [] }];
  const answers = { ...(access ? OF_ACCESS[access] : {}), ...route.answers };
  return {
    ...(operationId ? { operationId } : {}),
    ...(access ? { security: open ? [...proof, {}] : proof } : {}),
    summary,
    ...(params || query
      ? { parameters: [...(params ? parameters("path", params) : []), ...(query ? parameters("query", query) : [])] }
      : {}),
    ...(body ? { requestBody: { required: bodyRequired, content: json(body, "input") } } : {}),
    responses: Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
  };
}

function responseOf(answer: Answer): object {
  if (typeof answer === "string") return { description: answer, content: json(errorBody, "output") };
  const { description, body, headers = [] } = answer;
  return {
    description,
    ...(headers.length > 0
      ? { headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: "string" } }])) }
      : {}),
    ...(body ? { content: json(body, "output") } : {}),
  };
}

const parameters = (where: "path" | "query", { shape }: z.ZodObject) =>
  Object.entries(shape).map(([name, schema]) => ({
    name,
    in: where,
    required: where === "path",
    schema: schemaOf(schema as z.ZodType, "output"),
  }));

const json = (schema: z.ZodType, io: "input" | "output") => ({ "application/json": { schema: schemaOf(schema, io) } });

/** A reference where the schema has a name. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const name = NAMED.find(([, known]) => known === schema)?.[0];
  if (name) return { $ref: `#/components/schemas/${name}` };
  if (schema instanceof z.ZodArray) return { type: "array", items: schemaOf(schema.element as z.ZodType, io) };
  return inlineSchema(schema, io);
}

function inlineSchema(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
