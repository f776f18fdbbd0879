import { InvalidChartSource } from "./invalid_source.ts";

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

/** The repository's address for people and names: no query, no slash at its end. Throws `InvalidChartSource`. */
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
