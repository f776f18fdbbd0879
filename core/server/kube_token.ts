import { whoAmI } from "../kube/access.ts";
import { asToken } from "../kube/as_token.ts";
import { createKubeClient, type KubeClient, type KubeClientHooks, type KubeConnection } from "../kube/client.ts";
import { isForbidden, isNotFound, KubeError } from "../kube/errors.ts";
import { BadRequest } from "./errors.ts";

/** Somebody who brought a token of the cluster. */
export interface TokenHolder {
  /** As the API server calls them. */
  user: string;
  /** Asks with their token, so with their rights. What the API server refuses them is a `BadRequest` in its own words. */
  client: KubeClient;
}

/** Asks the API server who holds a token. Rejects with `BadRequest` 401 where it knows nobody by it. */
export function tokenHolders(connection: KubeConnection, hooks?: KubeClientHooks) {
  return async (token: string): Promise<TokenHolder> => {
    if (!connection.server.startsWith("https:")) {
      throw new BadRequest(
        "Headwind reaches the API server by plain http and passes no tokens on",
        "Authorization",
        401,
      );
    }
    const client = passingOn(createKubeClient(asToken(connection, token), hooks));
    try {
      const user = await whoAmI(client);
      if (user === "") throw new BadRequest("the API server does not say whose token it is", "Authorization", 401);
      return { user, client };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new BadRequest(
        "this cluster cannot tell whose token it is: it takes Kubernetes 1.28",
        "Authorization",
        401,
      );
    }
  };
}

/** A client whose 401 and 403 are the caller's own. */
function passingOn(client: KubeClient): KubeClient {
  const theirs = (error: unknown): never => {
    if (error instanceof KubeError && error.status === 401) {
      throw new BadRequest(`the API server does not take the token: ${error.said}`, "Authorization", 401);
    }
    if (isForbidden(error)) throw new BadRequest(error.said, undefined, 403);
    throw error;
  };
  return {
    request: (...call) => client.request<never>(...call).catch(theirs),
    stream: (...call) => client.stream(...call).catch(theirs),
  };
}
