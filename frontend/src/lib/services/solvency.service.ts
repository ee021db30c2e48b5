import type { Treasury } from '../api/wire.ts';
import { tokenText } from './format.service.ts';

export interface SolvencyTerm {
  readonly label: string;
  readonly text: string;
  /** Where the money of this term belongs. */
  readonly meaning: string;
}

/** What adds up to the ledger's balance: escrow + owed + fees + surplus + difference. */
export function solvencyTerms(of: Treasury.Solvency): readonly SolvencyTerm[] {
  const { symbol, decimals } = of;
  const text = (amount: bigint): string => tokenText({ amount, decimals, symbol });
  return [
    { label: 'Escrow', text: text(of.escrow), meaning: 'paid for rentals, not decided yet' },
    { label: 'Owed', text: text(of.owed), meaning: 'credited, on its way to people' },
    { label: 'Fees', text: text(of.fees), meaning: 'the platform’s own' },
    { label: 'Surplus', text: text(of.surplus), meaning: 'sent there by strangers' },
  ];
}

/** Whether everything is there. */
export function isWhole({ difference, shortfall }: Treasury.Solvency): boolean {
  return difference === 0n && shortfall === 0n;
}

/** One sentence over all tokens. */
export function solvencyVerdict(books: readonly Treasury.Solvency[]): {
  readonly isGood: boolean;
  readonly text: string;
} {
  const off = books.filter((one) => !isWhole(one));
  if (off.length === 0) {
    return { isGood: true, text: `All ${books.length} tokens add up: 0 off in each.` };
  }
  const symbols = off.map(({ symbol }) => symbol).join(', ');
  return { isGood: false, text: `${symbols}: the books and the ledger differ.` };
}
