/** Two million characters of keys are some 4 MB, with what they stand for some 10. */
const STANDARD_CHARACTERS = 2_000_000;
/** What an entry costs besides its key, in characters. */
const CHARACTERS_PER_ENTRY = 200;

/**
 * Gives equal keys the same frozen value, made once: what thousands of workloads have in common costs little then. Of the
 * keys at most so many characters are kept, those that were asked for last; a value that is in use elsewhere lives on
 * there. A key of more than an eighth of that is not kept.
 */
export function createInterner<V>(mostCharacters = STANDARD_CHARACTERS): (key: string, make: () => V) => V {
  // what was asked for since the last turn, and before it: no work at a hit, as an exact order of use would be
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  let weight = 0;
  return (key, make) => {
    const known = young.get(key);
    if (known !== undefined || young.has(key)) return known!;
    const value = old.has(key) ? old.get(key)! : Object.freeze(make());
    const added = key.length + CHARACTERS_PER_ENTRY;
    if (added > mostCharacters / 8) return value;
    if (weight + added > mostCharacters / 2) {
      old = young;
      young = new Map();
      weight = 0;
    }
    young.set(key, value);
    weight += added;
    return value;
  };
}
