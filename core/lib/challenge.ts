import { scanHeader } from "./header_scan.ts";

/** One challenge of a `WWW-Authenticate` header; scheme and parameter names in lower case. */
export interface Challenge {
  scheme: string;
  parameters: Map<string, string>;
}

/**
 * The challenges of a `WWW-Authenticate` header, several headers joined by commas included. What cannot be read is left out.
 *
 * Source: RFC 9110, section 11.6.1.
 */
export function parseChallenges(header: string | null): Challenge[] {
  const scan = scanHeader(header ?? "");
  const challenges: Challenge[] = [];
  while (!scan.done()) {
    scan.separators();
    const name = scan.token()?.toLowerCase();
    if (name === undefined) {
      scan.until(",");
      continue;
    }
    scan.space();
    const parameters = challenges.at(-1)?.parameters;
    if (parameters && scan.is("=")) {
      scan.space();
      const value = scan.quoted() ?? scan.bare();
      if (value !== undefined && !parameters.has(name)) parameters.set(name, value);
    } else {
      challenges.push({ scheme: name, parameters: new Map() });
    }
  }
  return challenges;
}
