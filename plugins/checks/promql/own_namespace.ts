import { parser } from "@prometheus-io/lezer-promql";

/** Nobody's text of it is told but where it is: the query may be read by others than who wrote it. */
export class NoPromql extends Error {
  override name = "NoPromql";
}

const strict = parser.configure({ strict: true });

/** Reads series that no selector of the query names. */
const UNSELECTED = "Info";

/**
 * The query with `label="value"` in each of its selectors. Matchers of one selector hold together, so one that names
 * another value selects nothing. Comments are left out.
 *
 * @throws {NoPromql} for what is not read to its end by the grammar that Prometheus publishes
 */
export function withMatcher(query: string, label: string, value: string): string {
  const matcher = `${label}=${JSON.stringify(value)}`;
  const edits: Edit[] = [];
  parse(query).iterate({
    enter({ name, from, to, node }) {
      if (name === UNSELECTED) throw new NoPromql("info() reads series that no selector names");
      if (name === "LineComment") edits.push({ from, to, text: " " });
      if (name === "StringLiteral" && !isClosed(query.slice(from, to))) throw unreadable(from);
      if (name !== "VectorSelector") return;
      const braces = node.getChild("LabelMatchers");
      edits.push(
        braces
          ? { from: braces.from + 1, to: braces.from + 1, text: isEmpty(braces) ? matcher : `${matcher},` }
          : { from: to, to, text: `{${matcher}}` },
      );
    },
  });
  return applied(query, edits);
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

function parse(query: string) {
  try {
    return strict.parse(query);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(Number(/\d+/.exec(error.message)?.[0] ?? 0));
  }
}

const unreadable = (at: number) => new NoPromql(`the query is no PromQL from character ${at + 1} on`);

const isEmpty = ({ firstChild }: { firstChild: unknown }) => firstChild === null;

/** The grammar lets the last quote be absent. */
const isClosed = (text: string): boolean => text.length > 1 && text.at(-1) === text[0];

function applied(text: string, edits: readonly Edit[]): string {
  let done = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
    done += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return done + text.slice(at);
}
