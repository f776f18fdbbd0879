import { DOCKER_HUB, isDockerHub } from "./docker_hub.ts";
import { type ImageReference, InvalidReference, parseReference, repositoryName } from "./reference.ts";
import type { ChartSource } from "../plugin.ts";

/** What was given is no place with charts; the message is a sentence that says why, without a login or a query. */
export class InvalidChartSource extends Error {
  override readonly name = "InvalidChartSource";
}

/**
 * The address of a Helm repository's index: `https://host/path?x=y` has it at `https://host/path/index.yaml?x=y`, with or without a slash
 * at the end of its path. Throws `InvalidChartSource`.
 *
 * Source: `ResolveReferenceURL` in https://github.com/helm/helm/blob/v4.0.0/pkg/repo/v1/chartrepo.go
 */
export function indexUrl(repository: string): URL {
  const url = repositoryUrl(repository);
  url.pathname = `${withoutSlash(url.pathname)}/index.yaml`;
  return url;
}

/**
 * The repository's address for people and names: no query, no slash at its end.
 *
 * @throws {InvalidChartSource}
 */
export function bareUrl(repository: string): string {
  const { protocol, host, pathname } = repositoryUrl(repository, "any");
  return `${protocol}//${host}${withoutSlash(pathname)}`;
}

function repositoryUrl(text: string, login: "any" | "none" = "none"): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InvalidChartSource("The URL of the chart repository is no http or https address.");
  }
  if (login === "none" && (url.username !== "" || url.password !== "")) {
    throw new InvalidChartSource(
      `The URL of the chart repository on ${url.host} holds a login, which belongs into a Secret that secretRef names.`,
    );
  }
  url.hash = "";
  return url;
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, "");

/** The media type of the config of a chart's manifest, by which charts are told from images. */
export const HELM_CONFIG_TYPE = "application/vnd.cncf.helm.config.v1+json";

const NAME = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const HOST = new RegExp(`^(?:${NAME}(?:\\.${NAME})*|\\[[a-f0-9:]+\\])(?::[0-9]{1,5})?$`);

/** Whether a chart source is a registry. */
export const isOci = (url: string): boolean => url.startsWith("oci://");

/**
 * The repository of a chart below `oci://host[:port][/path]`; without `chart`, the one that the URL itself names, as an
 * OCIRepository does. Its registry is the URL's, whatever the chart is called: no part of it is taken for a host, and
 * nothing is filled in. Docker Hub's hosts are `docker.io`.
 *
 * @throws {InvalidChartSource}
 */
export function chartRepositoryRef(url: string, chart?: string): Pick<ImageReference, "registry" | "repository"> {
  const refuse = (why: string) => new InvalidChartSource(`The oci:// URL of the chart repository ${why}.`);
  const [, host, path = ""] = /^oci:\/\/([^/]*)(\/.*)?$/.exec(url) ?? [];
  if (host === undefined) throw refuse("does not begin with oci://");
  if (host.includes("@")) throw refuse("holds a login, which belongs into a Secret that secretRef names");
  if (/[?#]/.test(url)) throw refuse("has a query or a fragment");
  if (host === "") throw refuse("has no host");
  if (/[A-Z]/.test(url)) throw refuse("has letters in upper case, which a registry's repositories cannot have");
  if (!HOST.test(host)) throw refuse(`has ${JSON.stringify(host)} for a host`);
  const above = path.replace(/^\//, "").replace(/\/+$/, "");
  const repository = [above, ...(chart === undefined ? [] : [chart])].filter((part, index) => part !== "" || index > 0);
  return {
    registry: isDockerHub(host) ? DOCKER_HUB : host,
    repository: checkedPath(
      repository.join("/"),
      chart === undefined ? "The oci:// URL of the chart" : `The chart ${JSON.stringify(chart)}`,
    ),
  };
}

function checkedPath(path: string, what: string): string {
  const refuse = (why: string) => new InvalidChartSource(`${what} cannot be in a registry: ${why}.`);
  if (path === "") throw refuse("it names no repository");
  try {
    // a host with a dot, so that the path stays one
    const { repository, tag, digest } = parseReference(`registry.invalid/${path}`);
    if (repository === path && tag === undefined && digest === undefined) return path;
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
  }
  throw refuse(`${JSON.stringify(path)} is no name of a repository`);
}

/** The version of a chart that a tag stands for: a tag cannot have `+`, so Helm writes `_`. */
export const chartVersionOfTag = (tag: string): string => tag.replaceAll("_", "+");

/** The tag that Helm gives a version of a chart. */
export const tagOfChartVersion = (version: string): string => version.replaceAll("+", "_");

/**
 * The canonical name of a chart in its repository, equal for all ways to write it: `ghcr.io/org/charts/nginx`, or
 * `https://charts.example.com/stable/nginx`.
 *
 * @throws {InvalidChartSource}
 */
export function chartRepositoryName({ url }: Pick<ChartSource, "url">, chart?: string): string {
  if (isOci(url)) return repositoryName(chartRepositoryRef(url, chart));
  return `${bareUrl(url)}${chart === undefined ? "" : `/${chart}`}`;
}
