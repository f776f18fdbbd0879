/** A record of an answer, by the names of its columns; what is empty is absent. */
export type CsvRecord = Readonly<Record<string, string>>;

/**
 * The records of an answer in annotated CSV. Columns stand in any order, so they are read by the header of their own table.
 *
 * Source: https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/
 *
 * @throws with the server's words where a table says that the query failed half way
 */
export function recordsOf(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let header: readonly string[] | undefined;
  let defaults: readonly string[] = [];
  for (const row of rowsOf(text)) {
    const [first = ""] = row;
    if (row.length === 1 && first === "") header = undefined;
    else if (first.startsWith("#")) {
      header = undefined;
      if (first === "#default") defaults = row.map((value, index) => index === 0 ? "" : value);
      if (first === "#datatype") defaults = [];
    } else if (header === undefined) header = row;
    else {
      const record: Record<string, string> = {};
      for (const [index, name] of header.entries()) {
        const value = row[index] || defaults[index];
        if (name !== "" && value) record[name] = value;
      }
      if (header.includes("error") && record.error !== undefined) throw new Error(record.error.slice(0, 200));
      records.push(record);
    }
  }
  return records;
}

/** RFC 4180: a field in quotes may hold commas, line breaks and doubled quotes. */
function* rowsOf(text: string): Generator<string[]> {
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    const { field, end } = text[at] === '"' ? quotedField(text, at + 1) : plainField(text, at);
    row.push(field);
    at = end;
    if (text[at] === ",") {
      at++;
      if (at < text.length) continue;
      row.push("");
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    yield row;
    row = [];
  }
}

interface Field {
  field: string;
  /** Where it ends. */
  end: number;
}

function quotedField(text: string, from: number): Field {
  let field = "";
  for (let at = from;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { field: field + text.slice(at), end: text.length };
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { field, end: quote + 1 };
    field += '"';
    at = quote + 2;
  }
}

function plainField(text: string, from: number): Field {
  let end = from;
  while (end < text.length && !",\r\n".includes(text[end]!)) end++;
  return { field: text.slice(from, end), end };
}
