/** A generated part of a Markdown text: what stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
export interface Block {
  name: string;
  /** Without the marks and the empty lines around it. */
  content: string;
  /** Where the content begins and ends in the text, the line breaks beside the marks included. */
  from: number;
  to: number;
}

const mark = /^<!-- (?:generated: *(\S+)|(end)) -->$/gm;

/** All blocks of a text, in its order. Throws on a block that is not closed, closed without being opened, or there twice. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { name: string; from: number } | undefined;
  for (const { 0: whole, 1: name, index } of text.matchAll(mark)) {
    if (name === undefined) {
      if (!open) throw new Error("<!-- end --> stands where no block is open");
      const content = text.slice(open.from, index).trim();
      blocks.push({ ...open, content, to: index });
      open = undefined;
    } else {
      if (open) break;
      if (blocks.some((block) => block.name === name)) throw new Error(`block ${name} is there twice`);
      open = { name, from: index + whole.length };
    }
  }
  if (open) throw new Error(`block ${open.name} has no <!-- end -->`);
  return blocks;
}

/** The text with these contents, by name, in its blocks. Throws on a block without content. */
export function withContents(text: string, contents: Record<string, string>): string {
  const blocks = blocksOf(text);
  for (const { name } of blocks) {
    if (contents[name] === undefined) {
      throw new Error(`nobody generates a block ${name}: there are ${Object.keys(contents).join(", ")}`);
    }
  }
  let filled = "";
  let done = 0;
  for (const { name, from, to } of blocks) {
    filled += `${text.slice(done, from)}\n\n${contents[name]}\n\n`;
    done = to;
  }
  return filled + text.slice(done);
}

/** What is wrong where each of these names is to be a block of just one of the texts, by path: a sentence each. */
export function misplacedBlocks(texts: ReadonlyMap<string, string>, names: readonly string[]): string[] {
  const paths = new Map(names.map((name) => [name, [] as string[]]));
  for (const [path, text] of texts) for (const { name } of blocksOf(text)) paths.get(name)?.push(path);
  return [...paths].filter(([, found]) => found.length !== 1).map(([name, found]) =>
    found.length === 0
      ? `there is no block ${name}: put <!-- generated: ${name} --> and <!-- end --> where it belongs`
      : `block ${name} stands in ${found.join(" and ")}`
  );
}

/** The names of the blocks that are not the same in both texts. */
export function differentBlocks(text: string, other: string): string[] {
  const contents = new Map(blocksOf(other).map(({ name, content }) => [name, content]));
  return blocksOf(text).filter(({ name, content }) => contents.get(name) !== content).map(({ name }) => name);
}
