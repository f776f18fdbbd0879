/** The versions that were left, each as `app app:1.1.0`, with one more. */
export function withLeft(left: readonly string[], container: string, image: string): readonly string[] {
  const entry = `${container} ${image}`;
  return left.includes(entry) ? left : [...left, entry].sort();
}

/** Without one, or without all of a container. */
export function withoutLeft(left: readonly string[], container: string, image?: string): readonly string[] {
  return left.filter((entry) =>
    image === undefined ? !entry.startsWith(`${container} `) : entry !== `${container} ${image}`
  );
}
