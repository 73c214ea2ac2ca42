/** What a spreadsheet would take for a formula. A number with a sign is none. */
const FORMULA = /^(?:[=+@\t\r\n]|-(?!\d+(?:\.\d+)?$))/

/** A row of a CSV file, without a line end (RFC 4180). Text that a spreadsheet would run begins with an apostrophe. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map(cellText).join(',')
}

function cellText(cell: string | number): string {
  const text = String(cell)
  const plain = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
