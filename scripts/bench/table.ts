/** A table of text. The first row is its head; the first column is set left, all others right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    widths.map((width, column) => {
      const cell = row[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }).join(" | ").trimEnd();
  const [head, ...body] = rows;
  return [line(head!), widths.map((width) => "-".repeat(width)).join("-|-"), ...body.map(line)].join("\n");
}
