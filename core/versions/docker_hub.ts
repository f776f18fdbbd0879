/**
 * The names of Docker Hub, which images, logins and its API write in different ways.
 * Source: https://github.com/distribution/reference (`normalize.go`).
 *
 * @module
 */

/** As canonical image references name it. */
export const DOCKER_HUB = "docker.io";

/** As older image references name it, and the files that `docker login` writes. */
export const DOCKER_HUB_INDEX = "index.docker.io";

/** Where it answers the API. */
const DOCKER_HUB_API = "registry-1.docker.io";

/** The host that answers the API of a registry, as image references name it. */
export function apiHost(registry: string): string {
  return registry === DOCKER_HUB ? DOCKER_HUB_API : registry;
}

/** Whether a host is one of Docker Hub's, its API's among them. */
export function isDockerHub(host: string): boolean {
  return host === DOCKER_HUB || host === DOCKER_HUB_INDEX || host === DOCKER_HUB_API;
}

/** A repository's name, or what it begins with, with Docker Hub's canonical host in it. */
export function withHubHost(name: string): string {
  return name === DOCKER_HUB_INDEX || name.startsWith(`${DOCKER_HUB_INDEX}/`)
    ? DOCKER_HUB + name.slice(DOCKER_HUB_INDEX.length)
    : name;
}

/** The names of a repository that people write for it: `docker.io/nginx` for `docker.io/library/nginx`, too. */
export function writtenNames(repository: string): string[] {
  const official = `${DOCKER_HUB}/library/`;
  return [
    repository,
    ...(repository.startsWith(official) ? [`${DOCKER_HUB}/${repository.slice(official.length)}`] : []),
  ];
}

/** A repository on Docker Hub: official images stand in `library/`, which people leave out. */
export function hubRepository(path: string): string {
  return path.includes("/") ? path : `library/${path}`;
}
