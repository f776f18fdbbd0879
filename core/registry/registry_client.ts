import { type AskOptions, createRegistryWay } from "./ask_registry.ts";
import { refusalError } from "./registry_error.ts";
import type { RepositoryRef } from "./send.ts";
import { type Credentials, identityOf } from "./credentials.ts";
import { configTypeOf, digestOf } from "./manifests.ts";
import { createPageSizes, createTagLists, type TagList } from "./tag_list.ts";
import { type ImageOrigin, readOrigin } from "./image_config.ts";
export type { RegistryRequestEvent } from "./ask_registry.ts";
export { RegistryError, type RegistryErrorKind } from "./registry_error.ts";
export type { Credentials } from "./credentials.ts";
export type { RepositoryRef } from "./send.ts";
export type { TagList } from "./tag_list.ts";

export interface RegistryOptions extends AskOptions {
  /** Tags to ask for per page. Default 1,000; less where a registry refuses that. */
  pageSize?: number;
  /** Told how many names that a registry listed are no tags by the grammar of OCI. */
  onTagsLeftOut?: (host: string, count: number) => void;
}

/**
 * Reads registries by the OCI distribution API. All its errors are `RegistryError`; with a `signal` that is aborted a call
 * rejects with its reason. A call has 60 s in all, however many pages and tries it takes.
 */
export interface RegistryClient {
  /** The whole list of tags, in the registry's order, or an error: never half a list. */
  tags(repository: RepositoryRef, credentials?: Credentials, signal?: AbortSignal): Promise<TagList>;
  /**
   * The digest that a tag names, that of the index if the image has one; undefined when there is no such tag. By HEAD; the manifest
   * itself is fetched where that does not tell it: registries, and proxies before them, say 404 or 405 to HEAD of what they have.
   */
  digest(
    repository: RepositoryRef,
    tag: string,
    credentials?: Credentials,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /**
   * The media type of the config of the manifest that a tag or digest names, which says what kind of artifact it is. `""` for an index
   * and for a manifest that tells none; undefined when there is no such manifest.
   */
  configType(
    repository: RepositoryRef,
    reference: string,
    credentials?: Credentials,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** What whoever built the image of a digest says of where it comes from; undefined where there is no such image. */
  origin(
    repository: RepositoryRef,
    digest: string,
    credentials?: Credentials,
    signal?: AbortSignal,
  ): Promise<ImageOrigin | undefined>;
}

const PAGE_LIMIT = 8 << 20;

/** Source: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md */
export function createRegistryClient({ pageSize = 1_000, onTagsLeftOut, ...options }: RegistryOptions): RegistryClient {
  const { ask, inOneCall, originOf } = createRegistryWay(options);
  const listTags = createTagLists();
  const pageSizes = createPageSizes(pageSize);
  return {
    tags: (repository, credentials, given) =>
      inOneCall(repository, "all tags", { credentials, signal: given }, async (call) => {
        const { registry } = repository;
        const name = `${registry}/${repository.repository}`;
        const identity = await identityOf(credentials);
        return await pageSizes.inPages(name, (query) =>
          listTags({
            registry,
            ...(repository.plain ? { plain: repository.plain } : {}),
            path: `/v2/${repository.repository}/tags/list${query}`,
            origin: () => call.counted(() => originOf(repository)),
            identity,
            call,
            onLeftOut: (count) => onTagsLeftOut?.(registry, count),
            async ask(path, headers) {
              const request = { kind: "tags", method: "GET", path, limit: PAGE_LIMIT } as const;
              const all = { accept: "application/json", ...headers };
              const answer = await ask(repository, { ...request, headers: all }, credentials, call);
              if (answer.status !== 200 && answer.status !== 304) {
                throw refusalError(answer, registry, `the tags of ${name}`);
              }
              return answer;
            },
          }));
      }),
    digest: (repository, tag, credentials, given) =>
      inOneCall(
        repository,
        "a digest",
        { credentials, signal: given },
        (call) => digestOf(repository, tag, (request) => ask(repository, request, credentials, call)),
      ),
    configType: (repository, reference, credentials, given) =>
      inOneCall(
        repository,
        "a manifest",
        { credentials, signal: given },
        (call) => configTypeOf(repository, reference, (request) => ask(repository, request, credentials, call)),
      ),
    origin: (repository, digest, credentials, given) =>
      inOneCall(
        repository,
        "the labels of an image",
        { credentials, signal: given },
        (call) => readOrigin(repository, digest, (request) => ask(repository, request, credentials, call)),
      ),
  };
}
