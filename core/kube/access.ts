import type { KubeClient } from "./client.ts";

/** What somebody wants to do to an object, as in `authorization.k8s.io/v1` ResourceAttributes. */
export interface ResourceAttributes {
  verb: string;
  group: string;
  /** The lower case plural. */
  resource: string;
  namespace: string;
  name: string;
}

/** A user as the API server knows one. */
export interface Subject {
  user: string;
  groups: readonly string[];
}

/**
 * The API server's word on what a user may do. Takes the right to create SubjectAccessReviews.
 *
 * @throws {KubeError}
 */
export async function mayDo(
  client: KubeClient,
  { user, groups }: Subject,
  resourceAttributes: ResourceAttributes,
): Promise<boolean> {
  return await isAllowed(client, "SubjectAccessReview", { user, groups, resourceAttributes });
}

/**
 * What the API server says that whoever the client asks for may do.
 *
 * @throws {KubeError}
 */
export async function mayI(client: KubeClient, resourceAttributes: ResourceAttributes): Promise<boolean> {
  return await isAllowed(client, "SelfSubjectAccessReview", { resourceAttributes });
}

async function isAllowed(client: KubeClient, kind: string, spec: object): Promise<boolean> {
  const review = await client.request<{ status?: { allowed?: boolean } }>(
    "POST",
    `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
    { body: { apiVersion: "authorization.k8s.io/v1", kind, spec } },
  );
  return review.status?.allowed === true;
}

/**
 * Whom the API server takes this client for; the user is empty where it does not say.
 *
 * @throws {KubeError} such as 401 for a token that it does not know
 */
export async function reviewSelf(client: KubeClient): Promise<Subject> {
  const review = await client.request<{ status?: { userInfo?: { username?: string; groups?: string[] } } }>(
    "POST",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    { body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" } },
  );
  const { username = "", groups = [] } = review.status?.userInfo ?? {};
  return { user: username, groups };
}

/**
 * The name that the API server knows this client by.
 *
 * @throws {KubeError} as `reviewSelf`
 */
export const whoAmI = async (client: KubeClient): Promise<string> => (await reviewSelf(client)).user;
