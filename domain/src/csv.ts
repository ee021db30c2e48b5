const LINE_END = '\r\n';
/** What makes a spreadsheet take a cell for a formula, in narrow and in wide letters. */
const FORMULA_STARTS = '=+-@\t\r\n＝＋－＠';

/**
 * One record of a CSV file with its line end, quoted as RFC 4180 says. A cell that a spreadsheet
 * would run as a formula begins with an apostrophe, which it shows as text.
 */
export function csvRecord(cells: readonly string[]): string {
  return cells.map(csvCell).join(',') + LINE_END;
}

function csvCell(text: string): string {
  const isFormula = text !== '' && FORMULA_STARTS.includes(text.charAt(0));
  const safe = isFormula ? `'${text}` : text;
  const isQuoted = ['"', ',', '\r', '\n'].some((char) => safe.includes(char));
  return isQuoted ? `"${safe.replaceAll('"', '""')}"` : safe;
}
