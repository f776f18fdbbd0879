const BEGIN = '"managedFields":[{"';
const FIRST_KEYS = ["manager", "apiVersion"];
/** The array's end, with the key after it. In a string no quote stands unescaped, and the fields' names are in objects only. */
const END = /\](?:\}?,"[A-Za-z]|\}\})/g;
/** The end of an object that has nothing after its metadata, or a part of a string. */
const UNCLEAR_END = "]}}";

/**
 * Parses what the API server writes, an object, a list or a watch's event, without `metadata.managedFields`: half of what
 * there is to parse, and read by nobody here.
 *
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ and its FieldsV1
 */
export function parseObjects(text: string): unknown {
  const kept = withoutManagedFields(text);
  if (kept === text) return JSON.parse(text);
  try {
    return JSON.parse(kept);
  } catch {
    // something else of that name, in a chart's values say
    return JSON.parse(text);
  }
}

function withoutManagedFields(text: string): string {
  let kept = "";
  let from = 0;
  for (let start = text.indexOf(BEGIN); start >= 0; start = text.indexOf(BEGIN, from)) {
    if (!FIRST_KEYS.some((key) => text.startsWith(key, start + BEGIN.length))) return text;
    END.lastIndex = start;
    const found = END.exec(text);
    if (!found || found[0] === UNCLEAR_END) return text;
    const last = found.index;
    const comma = text[start - 1] === ",";
    kept += text.slice(from, comma ? start - 1 : start);
    from = last + (comma || text[last + 1] !== "," ? 1 : 2);
  }
  return from === 0 ? text : kept + text.slice(from);
}
