/** What needs settings of the operator, by its name. */
export interface Wants {
  name: string;
  env?: Record<string, string>;
}

/** The settings that all of them need. Throws where two contradict each other. */
export function settingsOf(attacks: readonly Wants[]): Record<string, string> {
  const settings = new Map<string, { value: string; of: string }>();
  for (const { name: of, env = {} } of attacks) {
    for (const [name, value] of Object.entries(env)) {
      const before = settings.get(name);
      if (before && before.value !== value) {
        throw new Error(`${of} wants ${name}=${value}, and ${before.of} wants ${before.value}`);
      }
      settings.set(name, { value, of });
    }
  }
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}
