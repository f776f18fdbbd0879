/** What an address says after `?`; absent, empty and undefined values are left out. */
export type AddressValues = Readonly<Record<string, string | number | undefined>>;

/** The address of a path with values, in their order: the same view has the same address. */
export function addressOf(path: string, values: AddressValues): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") said.set(name, String(value));
  }
  const text = said.toString();
  return text === "" ? path : `${path}?${text}`;
}
