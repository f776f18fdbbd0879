import * as z from "zod";
import { BROUGHT_BY_TIME, WAITS_FOR } from "../read_model/update_wait.ts";

const approver = (what: string) =>
  z.string().min(1).max(253).optional().describe(
    `Who ${what}: the proven caller, whose name need not be given; where none has to be proven, any name, or \`api\``,
  );
/** A DNS subdomain (RFC 1123), so that nothing like `..` becomes a part of a path at the API server. */
const objectName = z.string().max(253).regex(
  /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/,
  "lower case letters, digits, - and . are wanted",
);
/** What the paths of the approval API name. */
export const place = z.object({ namespace: objectName, name: objectName });
export const pendingQuery = z.object({
  namespace: objectName.or(z.literal("")).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500).describe("How many at most"),
  continue: z.string().max(510).optional().describe("Those after this `namespace/name`, as the answer's `Link` says"),
});

/** The bodies of the approval API: what is checked is what its document says. */
export const approveBody = z.object({
  approver: approver("approves"),
  reason: z.string().max(1024).optional().describe("A comment, for the others"),
});
export const rejectBody = z.object({
  approver: approver("rejects"),
  reason: z.string().max(1024).optional().describe("Why, for the others"),
});
/** A container's name (a DNS label, RFC 1123), or the path of an image in a HelmRelease's values: `values.mainImage`. */
const container = z.string().min(1).max(63).regex(
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?|[^./\s][^/\s]*\.[^/\s]+)$/,
  "a container's name, or the path of an image such as values.image, is wanted",
);
/** What the paths of rollback, hold and resume name. */
export const containerPlace = place.extend({ container });
export const kindQuery = z.object({
  kind: z.string().max(63).optional().describe(
    "Kind of the workload, such as `StatefulSet`; needed where several have the name",
  ),
});
export const rollbackBody = z.object({
  image: z.string().min(1).max(1024).optional().describe("An image or tag of the history; what ran before, if absent"),
  index: z.number().int().min(0).max(999).optional().describe("Entry of the container's history, 0 is the newest"),
  user: approver("rolls back"),
  reason: z.string().max(1024).optional().describe("Why, for the others"),
});
export const holdBody = z.object({
  image: z.string().min(1).max(1024).optional().describe("An image or tag; all versions, if absent"),
  user: approver("holds or resumes"),
  reason: z.string().max(1024).optional().describe("Why, for the others"),
});
/** Headwind's older body, with the container in it. */
export const oldRollbackBody = rollbackBody.extend({ container });
export const historyBody = z.array(z.looseObject({
  container: z.string(),
  image: z.string(),
  previousImage: z.string().optional(),
  timestamp: z.string(),
  updateRequestName: z.string().optional(),
  approvedBy: z.string().optional(),
  verified: z.boolean().optional(),
}));
export const changedBody = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  container: z.string(),
  containers: z.array(z.string()).optional().describe("It, and those that were changed with it, where there are any"),
  from: z.string().describe("The image before"),
  to: z.string().describe("The image now"),
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
    containerNames: z.array(z.string()).optional().describe("All that move together, where these are several"),
    currentImage: z.string(),
    newImage: z.string(),
    policy: z.string(),
  }),
  done: z.object({
    action: z.enum(["approve", "reject"]),
    by: z.string().describe("Who decided"),
    workload: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }),
    containers: z.array(z.string()),
    from: z.string().describe("The image that runs"),
    to: z.string().describe("The image that was decided on"),
    phase: z.string().describe("Where the request stands"),
    message: z.string().describe("What comes of it"),
  }).optional().describe("What a decision did; in its own answer alone"),
  waits: z.object({
    for: z.enum(WAITS_FOR).describe("What it goes on by"),
    message: z.string().describe("Why it goes no further now"),
    until: z.iso.datetime().optional().describe("When time alone changes that"),
    then: z.enum(BROUGHT_BY_TIME).optional().describe("What becomes of it then"),
    expiresAt: z.iso.datetime().optional().describe("It is not applied after this"),
  }).optional().describe("Of what is not finished, where it is read"),
  madeByHand: z.literal(true).optional().describe("It was made by a person, not by Headwind"),
  status: z.looseObject({ phase: z.string().optional(), message: z.string().optional() }).optional(),
});
