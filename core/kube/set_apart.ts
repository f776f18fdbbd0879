const patienceMs = 10_000;

/**
 * After how many milliseconds a namespace that may not be read is set apart: where it is one of several. Undefined where it is
 * the only one, or all are served at once: then nothing is left to serve without it.
 */
export const setApartAfterMs = (namespaces: readonly string[]): number | undefined =>
  namespaces.length > 1 ? patienceMs : undefined;
