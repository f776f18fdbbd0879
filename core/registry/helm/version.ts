/** A version of a chart that a repository offers. */
export interface ChartVersion {
  /** As the repository writes it, with `+` before build metadata; not checked for being one. */
  version: string;
  /** Present where the repository says so. */
  deprecated?: true;
}

/** The versions of each wanted chart, by its name, in the repository's order; a chart that is not there has none. */
export type ChartVersions = ReadonlyMap<string, readonly ChartVersion[]>;
