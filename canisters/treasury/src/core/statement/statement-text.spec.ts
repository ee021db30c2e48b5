import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { TokenUnits, UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import type { EscrowId, TransferId } from '../ids.ts';
import type { PayoutLine } from '../payees/payout-line.ts';
import { STATEMENT_COLUMNS, statementText } from './statement-text.ts';

const ledger = Principal.fromText('xevnm-gaaaa-aaaar-qafnq-cai');
const paid: PayoutLine = {
  transferId: 5 as TransferId,
  escrowId: 4 as EscrowId,
  rentalId: 3 as RentalId,
  party: 'provider',
  ledger,
  symbol: 'ckUSDC',
  decimals: 6,
  to: { owner: ledger, subaccount: undefined },
  amount: 1_500_000n as TokenUnits,
  feeBorne: 10_000n as TokenUnits,
  plannedAt: timestampNs(1_795_435_445_000_000_000n),
  paidAt: timestampNs(1_795_435_446_000_000_000n),
  state: 'paid',
  status: 'It is paid in block 12 of the ledger.',
  block: 12n,
  memo: Uint8Array.of(0, 255),
  usdE8: 149_999_999n as UsdE8,
};
const waiting: PayoutLine = {
  ...paid,
  paidAt: undefined,
  state: 'on-its-way',
  block: undefined,
  memo: undefined,
  usdE8: undefined,
};

describe('statementText', () => {
  it('writes exact decimals, times and hex, and leaves blank what is not known', () => {
    const text = statementText({ format: 'csv', lines: [paid, waiting], isFirst: true });
    const common = (paidAt: string) => ['2026-11-23T12:04:05Z', paidAt, '3', '4', '5', 'provider'];
    expect(parseCsv(text)).toEqual([
      STATEMENT_COLUMNS,
      [
        ...common('2026-11-23T12:04:06Z'),
        ...['ckUSDC', '1.5', '0.01', '12', ledger.toText(), '00ff', 'paid', '1.49999999'],
      ],
      [...common(''), ...['ckUSDC', '1.5', '0.01', '', ledger.toText(), '', 'on-its-way', '']],
    ]);
  });

  it('puts the header in the first part only, so that parts make one file', () => {
    const part = (isFirst: boolean, line: PayoutLine) =>
      statementText({ format: 'csv', lines: [line], isFirst });
    expect(part(true, paid) + part(false, waiting)).toBe(
      statementText({ format: 'csv', lines: [paid, waiting], isFirst: true }),
    );
    expect(statementText({ format: 'csv', lines: [], isFirst: false })).toBe('');
  });

  it('writes the same as JSON, one object a line', () => {
    const text = statementText({ format: 'json', lines: [paid, waiting], isFirst: false });
    expect(text.split('\n')).toHaveLength(5);
    const [header = [], ...records] = parseCsv(
      statementText({ format: 'csv', lines: [paid, waiting], isFirst: true }),
    );
    expect(JSON.parse(text)).toEqual(
      records.map((record) => Object.fromEntries(header.map((name, at) => [name, record[at]]))),
    );
    expect(statementText({ format: 'json', lines: [], isFirst: true })).toBe('[]\n');
  });
});
