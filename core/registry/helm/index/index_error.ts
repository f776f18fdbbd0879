/**
 * `empty`: nothing but white space and comments. `not-an-index`: HTML, or another document than Helm's. `truncated`: the
 * text ends in the middle. `malformed`: against the rules of YAML or JSON, or a key twice. `encoding`: not UTF-8.
 * `too-large`: over the limit, or over what the full parser is used for.
 */
export type IndexErrorKind = "empty" | "not-an-index" | "truncated" | "malformed" | "encoding" | "too-large";

/** An index that cannot be read; its message is a sentence without the name of the repository. */
export class IndexError extends Error {
  override name = "IndexError";
  kind: IndexErrorKind;

  constructor(kind: IndexErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Thrown by a scanner that met what it does not know for sure: the full parser has to read the index. */
export class Unsure extends Error {
  override name = "Unsure";
}

export const emptyIndex = () => new IndexError("empty", "The index is empty.");
export const truncated = () => new IndexError("truncated", "The index ends in the middle: it is not whole.");
export const entriesNoMapping = () => new IndexError("malformed", "The field entries of the index is no mapping.");
export const twice = (what: string) => new IndexError("malformed", `The index has ${what} twice.`);
export const noMapping = () => notHelms("its document is no mapping");
export const isHtml = () => notHelms("it is HTML or XML, as of a login page");
export const withoutEntries = () => notHelms("it has no field entries");

const notHelms = (why: string) => new IndexError("not-an-index", `This is no index of a Helm repository: ${why}.`);
