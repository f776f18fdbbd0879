import { parseReference, parseRepository, repositoryName } from "./reference.ts";

/** Whether a text is an image's name, without tag and digest. */
export const isImageName = (text: string): boolean => canonical(text) !== undefined;

/**
 * Whether an image is one of those named. A name matches by its last parts (`nginx` matches `docker.io/library/nginx`),
 * or whole; an image that is no reference matches none.
 */
export function isNamed(names: readonly string[], image: string): boolean {
  const name = canonicalOfImage(image);
  return name !== undefined &&
    names.some((wanted) => name.endsWith(`/${wanted}`) || name === wanted || name === canonical(wanted));
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
