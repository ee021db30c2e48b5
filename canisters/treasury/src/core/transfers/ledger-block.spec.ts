import { describe, expect, it } from 'vitest';
import { ARGS, inFlight, transferIn } from '../../testing/transfer.fake.ts';
import type { Account } from '../account.ts';
import { compareBlock, type BlockAccount, type LedgerBlock } from './ledger-block.ts';

const PAYOUT = transferIn(inFlight());
const DEPOSIT = transferIn(inFlight(), 'deposit');
const OTHER: BlockAccount = { owner: Uint8Array.of(1, 1), subaccount: undefined };

const inBlock = ({ owner, subaccount }: Account): BlockAccount => ({
  ...{ owner: owner.toUint8Array(), subaccount },
});

function blockOf(transfer: typeof PAYOUT, change: Partial<LedgerBlock> = {}): LedgerBlock {
  return {
    ...{ index: 9n, kind: 'transfer', timestampNs: 1n, amount: ARGS.amount, memo: ARGS.memo },
    ...{ from: inBlock(transfer.from), to: inBlock(transfer.to), ...change },
  };
}

const compare = (transfer: typeof PAYOUT, change?: Partial<LedgerBlock>) =>
  compareBlock(transfer, ARGS, blockOf(transfer, change));

describe('compareBlock', () => {
  it('knows its own block', () => {
    expect(compare(PAYOUT)).toBe('match');
    expect(compare(DEPOSIT)).toBe('match');
  });

  it('takes no subaccount and 32 zeros as the same', () => {
    const to = { owner: PAYOUT.to.owner.toUint8Array(), subaccount: new Uint8Array(32) };
    expect(compare(PAYOUT, { to })).toBe('match');
  });

  it('does not fall for its memo in a block of somebody else', () => {
    expect(compare(PAYOUT, { from: OTHER })).toBe('other');
    expect(compare(DEPOSIT, { from: OTHER })).toBe('other');
    expect(compare(PAYOUT, { from: inBlock({ ...PAYOUT.from, subaccount: undefined }) })).toBe(
      'other',
    );
  });

  it('needs memo and source, and a block that moves tokens', () => {
    expect(compare(PAYOUT, { memo: undefined })).toBe('other');
    expect(compare(PAYOUT, { memo: ARGS.memo.slice(1) })).toBe('other');
    expect(compare(PAYOUT, { from: undefined })).toBe('other');
    expect(compare(PAYOUT, { kind: 'other' })).toBe('other');
  });

  it('takes its memo on other terms as a contradiction, from a payer as nothing', () => {
    for (const change of [{ amount: 1n }, { to: OTHER }, { to: undefined }]) {
      expect(compare(PAYOUT, change)).toBe('conflict');
      expect(compare(DEPOSIT, change)).toBe('other');
    }
  });

  it('finds what was burned at the minting account, where a block has no receiver', () => {
    expect(compare(PAYOUT, { kind: 'burn', to: undefined })).toBe('match');
    expect(compare(PAYOUT, { kind: 'burn', to: undefined, amount: 1n })).toBe('conflict');
    expect(compare(DEPOSIT, { kind: 'burn', to: undefined })).toBe('other');
  });
});
