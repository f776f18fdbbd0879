import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { isEqual } from "../../core/lib/equal.ts";

/** What of `openAPIV3Schema` the CRDs of `deploy/` use. */
interface Schema {
  type: "object" | "array" | "string" | "boolean" | "integer";
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  pattern?: string;
  format?: string;
  "x-kubernetes-list-type"?: "set" | "map";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-validations"?: { rule: string; message: string }[];
}
type Fields = Record<string, unknown>;

interface Definition {
  spec: { group: string; names: { plural: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
}
const file = new URL("../../deploy/crds/updaterequests.headwind.sh.yaml", import.meta.url);
const definition = load(readFileSync(file, "utf8")) as Definition;
const schema = definition.spec.versions[0]!.schema.openAPIV3Schema;

/** An UpdateRequest as the API server stores it, pruned and with its defaults, and what it refuses it for. */
export function admitUpdateRequest<T extends object>(
  object: T,
  old: object | undefined,
): { object: T; faults: string[] } {
  const faults: string[] = [];
  return { object: admit(schema, object, old, "", faults) as T, faults };
}

function admit(schema: Schema, value: unknown, old: unknown, path: string, faults: string[]): unknown {
  const at = path === "" ? "" : `${path}: `;
  const fault = (text: string) => void faults.push(`${at}${text}`);
  if (!isOfType(schema.type, value)) {
    fault(`must be of type ${schema.type}: ${JSON.stringify(value)}`);
    return value;
  }
  if (schema.enum && !schema.enum.includes(value)) fault(`unsupported value ${JSON.stringify(value)}`);
  if (typeof value === "string") {
    const length = [...value].length;
    if (length < (schema.minLength ?? 0)) fault(`should be at least ${schema.minLength} chars long`);
    if (length > (schema.maxLength ?? Infinity)) fault(`may not be more than ${schema.maxLength} chars long`);
    if (schema.pattern && !new RegExp(schema.pattern).test(value)) fault(`should match '${schema.pattern}'`);
    if (schema.format === "date-time" && !isDateTime(value)) fault(`must be of type date-time: ${value}`);
  }
  if (typeof value === "number" && value < (schema.minimum ?? -Infinity)) fault(`should be at least ${schema.minimum}`);
  let admitted = value;
  if (Array.isArray(value)) admitted = admitItems(schema, value, path, faults);
  else if (schema.properties) admitted = admitFields(schema, value as Fields, old as Fields | undefined, path, faults);
  for (const { rule, message } of schema["x-kubernetes-validations"] ?? []) {
    if (!holds(rule, admitted, old)) fault(message);
  }
  return admitted;
}

function admitFields(schema: Schema, value: Fields, old: Fields | undefined, path: string, faults: string[]): Fields {
  const fields: Fields = path === "" ? { metadata: value.metadata } : {};
  for (const [name, child] of Object.entries(schema.properties!)) {
    const at = path === "" ? name : `${path}.${name}`;
    const field = value[name] ?? child.default;
    if (field !== undefined) {
      fields[name] = child.type === "object" && !child.properties
        ? field
        : admit(child, field, old?.[name], at, faults);
    } else if (schema.required?.includes(name)) faults.push(`${at}: Required value`);
  }
  return fields;
}

function admitItems(schema: Schema, value: unknown[], path: string, faults: string[]): unknown[] {
  if (value.length < (schema.minItems ?? 0)) faults.push(`${path}: should have at least ${schema.minItems} items`);
  if (value.length > (schema.maxItems ?? Infinity)) faults.push(`${path}: must have at most ${schema.maxItems} items`);
  const keys = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-list-type"]) {
    const all = value.map((item) => JSON.stringify(keys ? keys.map((key) => (item as Fields)[key]) : item));
    if (new Set(all).size < all.length) faults.push(`${path}: Duplicate value`);
  }
  return value.map((item, index) => admit(schema.items!, item, undefined, `${path}[${index}]`, faults));
}

function isOfType(type: Schema["type"], value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  const primitive = typeof value;
  return primitive === type;
}

// RFC 3339, as Go reads it
const isDateTime = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);

const has = (fields: Fields | undefined, name: string) => fields?.[name] !== undefined;
const isAmong = (item: unknown, list: unknown) => Array.isArray(list) && list.includes(item);

/** The CEL rules of the CRD, by hand; those with `oldSelf` are in force where there is an old value. */
const rules: Record<string, (self: Fields, old: Fields) => boolean> = {
  "self == oldSelf": isEqual,
  "self.newImage != self.currentImage": (self) => self.newImage !== self.currentImage,
  "self.updateType != 'image' || has(self.containerName)": (self) =>
    self.updateType !== "image" || has(self, "containerName"),
  "!has(self.containerNames) || (has(self.containerName) && self.containerName in self.containerNames)": (self) =>
    !has(self, "containerNames") || isAmong(self.containerName, self.containerNames),
  "self.updateType == 'image' || !has(self.containerNames)": (self) =>
    self.updateType === "image" || !has(self, "containerNames"),
  "!has(oldSelf.decision) || has(self.decision)": (self, old) => !has(old, "decision") || has(self, "decision"),
};

function holds(rule: string, self: unknown, old: unknown): boolean {
  if (rule.includes("oldSelf") && old === undefined) return true;
  const kept = /^has\(self\.(\w+)\) == has\(oldSelf\.\1\)$/.exec(rule)?.[1];
  if (kept) return has(self as Fields, kept) === has(old as Fields, kept);
  const check = rules[rule];
  if (!check) throw new Error(`the rule "${rule}" of the CRD is not known to test/support/crd_schema.ts`);
  return check(self as Fields, old as Fields);
}
