/** A repository with its registry, as `parseReference` gives them. */
export interface RepositoryRef {
  /** `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  registry: string;
  /** `library/nginx`. */
  repository: string;
  /**
   * Plain http is allowed for this one, as it is for all of a registry that `insecure` names. What is found out about the registry for
   * it (that it answers plain http, a login that it asks for) is kept apart.
   */
  plain?: true;
  /** The namespace that it is asked for: namespaces take turns where a registry or memory is short. By default the repository's own turn. */
  onBehalfOf?: string;
}
