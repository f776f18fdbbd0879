import type { ImageOrigin } from "../registry/image_config.ts";

/** Where a person reads what is different between two images. */
export interface CompareLink {
  /** https; made of strangers' text. */
  url: string;
  /** Both revisions, in few characters. */
  text: string;
}

const REVISION = /^[0-9a-f]{7,64}$|^[\w][\w./-]{0,99}$/;
const SHORT = 10;

/**
 * The page that compares two revisions of one repository, as GitHub, GitLab, Bitbucket, Gitea and Forgejo have it; undefined where
 * the images are not of one repository, or do not say which revisions they are of. Pure.
 *
 * Sources: https://docs.github.com/pull-requests/committing-changes-to-your-project/viewing-and-comparing-commits/comparing-commits,
 * https://docs.gitlab.com/user/project/repository/compare_revisions
 */
export function compareLink(from: ImageOrigin, to: ImageOrigin): CompareLink | undefined {
  const [source, other] = [repositoryUrl(from.source), repositoryUrl(to.source)];
  const [a, b] = [from.revision, to.revision];
  if (!source || source.href !== other?.href || !a || !b || a === b) return undefined;
  if (!REVISION.test(a) || !REVISION.test(b) || `${a}${b}`.includes("..")) return undefined;
  return {
    url: source.href + comparePath(source.hostname, encodeURI(a), encodeURI(b)),
    text: `${short(a)} … ${short(b)}`,
  };
}

/** The address of a repository, as its page is reached: without `.git`, `/tree/…` and the like; undefined for what is no https address. */
function repositoryUrl(source: string | undefined): URL | undefined {
  const url = source === undefined ? null : URL.parse(source.replace(/^git\+(?=https:)/, ""));
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  url.search = url.hash = "";
  url.pathname = url.pathname.replace(/\/(-\/)?(tree|blob|commit|src)\/.*$/, "").replace(/(\.git)?\/*$/, "");
  return url.pathname.split("/").length >= 3 ? url : undefined;
}

function comparePath(host: string, from: string, to: string): string {
  if (/(^|\.)gitlab\./.test(host)) return `/-/compare/${from}...${to}`;
  if (host === "bitbucket.org") return `/branches/compare/${to}..${from}`;
  return `/compare/${from}...${to}`;
}

const short = (revision: string) => /^[0-9a-f]{11,64}$/.test(revision) ? revision.slice(0, SHORT) : revision;
