import * as z from "zod";

/** A DNS subdomain (RFC 1123), so that nothing like `..` becomes a part of a path at the API server. */
const objectName = z.string().max(253).regex(
  /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/,
  "lower case letters, digits, - and . are wanted",
);
/** What the paths of the approval API name. */
export const place = z.object({ namespace: objectName, name: objectName });
export const pendingQuery = z.object({ namespace: objectName.or(z.literal("")).optional() });

/** The bodies of the approval API: what is checked is what its document says. */
export const approveBody = z.object({
  approver: z.string().min(1).max(253).default("api").describe("Who approves"),
});
export const rejectBody = z.object({
  approver: z.string().min(1).max(253).default("api").describe("Who rejects"),
  reason: z.string().max(1024).optional().describe("Why, for the others"),
});
export const errorBody = z.object({
  error: z.string(),
  field: z.string().optional().describe("The field that is wrong"),
});
export const updateRequestBody = z.looseObject({
  apiVersion: z.literal("headwind.sh/v1alpha1"),
  kind: z.literal("UpdateRequest"),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    targetRef: z.object({ apiVersion: z.string(), kind: z.string(), namespace: z.string(), name: z.string() }),
    containerName: z.string().optional(),
    currentImage: z.string(),
    newImage: z.string(),
    policy: z.string(),
  }),
  status: z.looseObject({ phase: z.string().optional(), message: z.string().optional() }).optional(),
});
