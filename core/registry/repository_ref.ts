/** A repository with its registry, as `parseReference` gives them. */
export interface RepositoryRef {
  /** `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  registry: string;
  /** `library/nginx`. */
  repository: string;
}

/** Docker Hub answers the API by another name than the one in its images. */
export function apiHost(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}
