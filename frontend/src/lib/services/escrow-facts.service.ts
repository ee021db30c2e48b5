import type { Treasury } from '../api/wire.ts';
import { courseOf, refundAt, vestedAt } from './escrow.service.ts';
import { tokenText } from './format.service.ts';

/** A line of facts. */
export interface FactLine {
  readonly label: string;
  readonly value: string;
  readonly small?: string | undefined;
}

export interface FactsInput {
  readonly token: Pick<Treasury.Token, 'decimals' | 'symbol'>;
  readonly termNs: bigint;
  readonly noticeNs: bigint;
  readonly nowNs: bigint;
}

/** Where each part of a paid period's money is, as of now. */
export function escrowFacts(escrow: Treasury.Escrow, input: FactsInput): readonly FactLine[] {
  const { token, termNs, noticeNs, nowNs } = input;
  const amount = (value: bigint): string =>
    tokenText({ amount: value, decimals: token.decimals, symbol: token.symbol });
  const { payer, provider, author, platform } = escrow.books;
  const course = courseOf(escrow, termNs);
  const [depositBlock] = escrow.deposit_block;
  const paid = (label: string, book: Treasury.PartyBook): FactLine => ({
    label,
    value: amount(book.paid),
    small: book.open > 0n ? `${amount(book.open)} more on the way` : undefined,
  });
  return [
    {
      label: 'Deposited',
      value: amount(escrow.deposited),
      small: depositBlock === undefined ? undefined : `block ${depositBlock.toString()}`,
    },
    {
      label: course === undefined ? 'Vested' : 'Vested now',
      value: amount(course === undefined ? escrow.vested_now : vestedAt(course, nowNs)),
      small: course === undefined ? undefined : 'earned second by second while it is up',
    },
    ...(course === undefined || escrow.dispute.length > 0
      ? []
      : [
          {
            label: 'Back for a cancel now',
            value: amount(refundAt(course, { nowNs, noticeNs })),
            small: noticeNs > 0n ? 'the agreed notice counts as used' : undefined,
          },
        ]),
    { label: 'Still in escrow', value: amount(escrow.held) },
    paid('Paid to the seller', provider),
    ...(escrow.author.length > 0 ? [paid('Paid to the recipe’s author', author)] : []),
    {
      label: 'Fee of the platform',
      value: amount(platform.credited),
      small: 'it bears the ledger’s fees for payouts as far as it reaches',
    },
    paid('Refunded', payer),
  ];
}
