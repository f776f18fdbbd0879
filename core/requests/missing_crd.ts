import { KubeError } from "../kube/errors.ts";
import { RESOURCE } from "./update_request.ts";

/** What a cluster without the CRD is told of, and what mends it. */
export const MISSING_CRD = "the cluster knows no UpdateRequests: Headwind's CRD is not installed";
export const INSTALL_CRD = "kubectl apply -f deploy/crds installs it";

/** Whether the API server does not serve UpdateRequests at all: of one that is not there it would say its name. */
export const isMissingCrd = (error: unknown): boolean =>
  error instanceof KubeError && error.status === 404 && error.message.includes(RESOURCE.plural) &&
  !error.said.includes('"');
