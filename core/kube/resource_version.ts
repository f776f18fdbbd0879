/**
 * Whether a resource version is later than another of the same kind of object: both are decimal numbers that only grow
 * (Kubernetes API concepts, "Resource versions").
 */
export function isLaterVersion(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
