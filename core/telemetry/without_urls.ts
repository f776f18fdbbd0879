const url = /\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/?#"'<>()]*)[^\s"'<>()]*/gi;
const longest = 2048;

/** The text of an error with each URL told by its host alone: what comes after it is often a secret. Of a long text the beginning. */
export function withoutUrls(whole: string): string {
  const text = whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
  return text.replace(url, (_, authority: string) => authority.replace(/^.*@/, ""));
}

/** An error in one line, with those that caused it, and without what `withoutUrls` takes out. */
export function errorWithoutUrls(error: unknown): Error {
  const said: string[] = [];
  for (let at: unknown = error; at !== undefined && said.length < 5; at = at instanceof Error ? at.cause : undefined) {
    said.push(at instanceof Error ? at.message : String(at));
  }
  return new Error(withoutUrls(said.map((text) => text.replace(/\.$/, "")).join(": ")));
}
