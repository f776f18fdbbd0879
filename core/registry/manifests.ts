import { isDigest } from "../versions/reference.ts";
import type { RegistryError } from "./errors.ts";
import type { Answer, PathQuestion } from "./exchange.ts";
import { configTypeIn, MANIFEST_TYPES, ownDigest, toldDigest } from "./manifest.ts";
import { refused } from "./refused.ts";
import type { RepositoryRef } from "./repository_ref.ts";

type Ask = (question: PathQuestion) => Promise<Answer>;

const LIMIT = 4 << 20;
/** What HEAD is answered with where GET may go well: by Artifactory before it has cached an image, and by proxies that know no HEAD. */
const NOT_BY_HEAD = new Set([400, 404, 405]);

/** As `RegistryClient.digest`. */
export async function digestOf(repository: RepositoryRef, tag: string, ask: Ask): Promise<string | undefined> {
  const head = await ask(questionOf(repository, tag, "HEAD"));
  if (head.status !== 200 && !NOT_BY_HEAD.has(head.status)) throw refusedManifest(head, repository, tag);
  const told = head.status === 200 ? toldDigest(head, repository.registry) : undefined;
  if (told !== undefined) return told;
  const whole = await manifest(repository, tag, ask);
  return whole && await ownDigest(whole, repository.registry);
}

/** As `RegistryClient.configType`. */
export async function configTypeOf(
  repository: RepositoryRef,
  reference: string,
  ask: Ask,
): Promise<string | undefined> {
  const whole = await manifest(repository, reference, ask);
  return whole && configTypeIn(whole, repository.registry);
}

/** Undefined when there is none of this tag or digest. */
async function manifest(repository: RepositoryRef, reference: string, ask: Ask): Promise<Answer | undefined> {
  const answer = await ask(questionOf(repository, reference, "GET"));
  if (answer.status === 404) return undefined;
  if (answer.status === 200) return answer;
  throw refusedManifest(answer, repository, reference);
}

function questionOf({ repository }: RepositoryRef, reference: string, method: "GET" | "HEAD"): PathQuestion {
  const path = `/v2/${repository}/manifests/${encodeURIComponent(reference)}`;
  return { kind: "manifest", method, path, headers: { accept: MANIFEST_TYPES }, limit: LIMIT };
}

function refusedManifest(answer: Answer, { registry, repository }: RepositoryRef, reference: string): RegistryError {
  return refused(answer, registry, `${registry}/${repository}${isDigest(reference) ? "@" : ":"}${reference}`);
}
