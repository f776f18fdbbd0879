import { groupOfVersion, kindKey, type TargetRef } from "../../core/web.ts";

const path = (...parts: string[]) => parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** The page of an update. */
export const updatePath = ({ namespace, name }: { namespace: string; name: string }): string =>
  path("updates", namespace, name);

/** The page of a workload. */
export const workloadPath = ({ apiVersion, kind, namespace, name }: TargetRef): string =>
  path("workloads", kindKey({ group: groupOfVersion(apiVersion), kind }), namespace, name);

/** The same by its key in the index. */
export const workloadPathOfKey = (key: string): string => path("workloads", ...key.split("/"));

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
