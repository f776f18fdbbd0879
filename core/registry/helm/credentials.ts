import type { ChartSource } from "../../plugin.ts";
import { credentialsFor, type PullCredentials, readDockerConfig } from "../credentials.ts";
import type { SecretReader } from "../read_secret.ts";
import type { RepositoryRef } from "../repository_ref.ts";
import { basicLoginOf, readSourceSecret } from "./login.ts";

/**
 * The logins that the Secret of an `oci://` source has for one of its repositories: those of a `kubernetes.io/dockerconfigjson` that fit,
 * or `username` and `password`, which are for the host of the source's URL. `repository` is by `chartRepositoryRef` of that source. A
 * Secret that is missing, malformed or forbidden gives none, and a warning; other errors of the reader are thrown.
 *
 * Source: https://github.com/fluxcd/source-controller/blob/v1.6.0/docs/spec/v1/helmrepositories.md#secret-reference
 */
export async function readChartCredentials(
  secrets: SecretReader,
  { namespace, secret: name }: Pick<ChartSource, "namespace" | "secret">,
  repository: RepositoryRef,
): Promise<PullCredentials> {
  if (name === undefined) return { credentials: [], warnings: [] };
  const which = `${namespace}/${name}`;
  const none = (warning: string): PullCredentials => ({ credentials: [], warnings: [warning] });
  const secret = await readSourceSecret(secrets, namespace, name);
  if (typeof secret === "string") return none(secret);
  if (secret.type === "kubernetes.io/dockerconfigjson" || secret.type === "kubernetes.io/dockercfg") {
    const config = readDockerConfig(secret);
    if (!config) return none(`Secret ${which} is no readable ${secret.type}.`);
    const credentials = credentialsFor([config], repository);
    return credentials.length > 0
      ? { credentials, warnings: [] }
      : none(`Secret ${which} has no login for ${repository.registry}.`);
  }
  const login = basicLoginOf(secret, which);
  if (typeof login === "string") return none(login);
  return login
    ? { credentials: [login], warnings: [] }
    : none(`Secret ${which} has neither username nor password, and is no kubernetes.io/dockerconfigjson.`);
}
