import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import type { PayoutLine } from '../payees/payout-line.ts';
import { hexText } from '../words/account-text.ts';
import { isoTime } from '@decent-cloud/domain/utc-time.ts';
import { csvRecord } from '@decent-cloud/domain/csv.ts';

export type StatementFormat = 'csv' | 'json';

const USD_DECIMALS = 8;

/** A line as it is exported: every value as text, blank where there is none. Never a guess. */
const COLUMNS: Readonly<Record<string, (line: PayoutLine, texts: LedgerTexts) => string>> = {
  planned_at: ({ plannedAt }) => isoTime(plannedAt),
  paid_at: ({ paidAt }) => (paidAt === undefined ? '' : isoTime(paidAt)),
  rental: ({ rentalId }) => rentalId.toString(),
  escrow: ({ escrowId }) => escrowId.toString(),
  transfer: ({ transferId }) => transferId.toString(),
  party: ({ party }) => party,
  token: ({ symbol }) => symbol,
  amount: ({ amount, decimals }) => formatDecimal({ amount, decimals }),
  ledger_fee_borne: ({ feeBorne: amount, decimals }) => formatDecimal({ amount, decimals }),
  block: ({ block }) => block?.toString() ?? '',
  ledger: ({ ledger }, texts) => texts(ledger),
  memo: ({ memo }) => (memo === undefined ? '' : hexText(memo)),
  status: ({ state }) => state,
  usd_at_payout: ({ usdE8: amount }) =>
    amount === undefined ? '' : formatDecimal({ amount, decimals: USD_DECIMALS }),
};

/** The text of a ledger's id; the same ones come again and again, and each is dear to write. */
export type LedgerTexts = (ledger: PayoutLine['ledger']) => string;

export const STATEMENT_COLUMNS: readonly string[] = Object.keys(COLUMNS);

/**
 * One part of a statement. CSV parts make one file when put together: only the first has the header.
 * Each JSON part is an array of objects of its own, one object a line, all values text.
 */
export function statementText({
  format,
  lines,
  isFirst,
}: {
  readonly format: StatementFormat;
  readonly lines: readonly PayoutLine[];
  readonly isFirst: boolean;
}): string {
  const texts = rememberTexts();
  const rows = lines.map((line) => Object.values(COLUMNS).map((write) => write(line, texts)));
  if (format === 'csv') {
    const records = isFirst ? [STATEMENT_COLUMNS, ...rows] : rows;
    return records.map(csvRecord).join('');
  }
  const objects = rows.map((row) =>
    JSON.stringify(Object.fromEntries(STATEMENT_COLUMNS.map((name, at) => [name, row[at] ?? '']))),
  );
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}

function rememberTexts(): LedgerTexts {
  const known: { readonly ledger: PayoutLine['ledger']; readonly text: string }[] = [];
  return (ledger) => {
    const found = known.find((one) => one.ledger.compareTo(ledger) === 'eq');
    if (found !== undefined) return found.text;
    const text = ledger.toText();
    known.push({ ledger, text });
    return text;
  };
}
