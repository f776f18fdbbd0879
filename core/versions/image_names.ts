import { parseReference, parseRepository, repositoryName } from "./reference.ts";

/** Whether a text is an image's name, without tag and digest. */
export const isImageName = (text: string): boolean => canonical(text) !== undefined;

/**
 * Whether an image is one of those named. A name matches by its last parts (`nginx` matches `docker.io/library/nginx`),
 * or whole; an image that is no reference matches none.
 */
export function matchesName(names: readonly string[], image: string): boolean {
  const name = canonicalOfImage(image);
  if (name === undefined) return false;
  const { asWritten, canonically } = patternsOf(names);
  if (asWritten.has(name) || canonically.has(name)) return true;
  for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
    if (asWritten.has(name.slice(slash + 1))) return true;
  }
  return false;
}

interface Wanted {
  asWritten: ReadonlySet<string>;
  canonically: ReadonlySet<string>;
}

const known = new WeakMap<readonly string[], Wanted>();

/** Read once of a list, which is asked of each image of each workload that has it, and while these are polled each second. */
function patternsOf(names: readonly string[]): Wanted {
  let wanted = known.get(names);
  if (!wanted) {
    const canonically = names.map(canonical).filter((name) => name !== undefined);
    known.set(names, wanted = { asWritten: new Set(names), canonically: new Set(canonically) });
  }
  return wanted;
}

function canonical(name: string): string | undefined {
  try {
    return parseRepository(name);
  } catch {
    return undefined;
  }
}

function canonicalOfImage(image: string): string | undefined {
  try {
    return repositoryName(parseReference(image));
  } catch {
    return undefined;
  }
}
