/** Those groups of an issuer that match one of these names, in which `*` stands for anything; all where there are none. */
export function groupsThatMatter(names: readonly string[]): (claim: unknown) => string[] {
  const matches = names.map((name) =>
    new RegExp(`^${name.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "s")
  );
  return (claim) => {
    const groups = (Array.isArray(claim) ? claim : [claim]).filter((group) => typeof group === "string");
    return matches.length === 0 ? groups : groups.filter((group) => matches.some((match) => match.test(group)));
  };
}
