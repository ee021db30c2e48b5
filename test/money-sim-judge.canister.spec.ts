import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerBlock } from '@decent-cloud/localnet/testing/ledger-blocks.ts';
import type { Evidence, LedgerEvidence } from './money-sim/judge/evidence.ts';
import { judge } from './money-sim/judge/judge.ts';
import { transfersOf } from './money-sim/judge/journalled-transfers.ts';
import { hex } from './money-sim/judge/ledger-accounts.ts';
import { memoOf } from './money-sim/judge/treasury-accounts.ts';
import { live } from './money-sim/run-seed.ts';

/** A life with many payments, all of them sound. */
const SEED = 3;

let sound: Evidence;
/** A payout that was made in a block that the treasury names. */
let payout: { readonly ledger: LedgerEvidence; readonly block: LedgerBlock };

beforeAll(() => {
  sound = live(SEED).evidence;
  const treasury = hex(sound.treasury.toUint8Array());
  const found = sound.ledgers.flatMap((ledger) =>
    ledger.blocks.flatMap((block) => {
      const { operation } = block.transaction;
      const isPayout =
        operation.kind === 'transfer' && hex(operation.from.owner.toUint8Array()) === treasury;
      return isPayout ? [{ ledger, block }] : [];
    }),
  );
  const [first] = found;
  if (first === undefined) throw new Error('the seed has no payout');
  payout = first;
});

/** The same evidence with other blocks on the payout's ledger. */
function withBlocks(change: (blocks: readonly LedgerBlock[]) => readonly LedgerBlock[]): Evidence {
  const ledgers = sound.ledgers.map((ledger) =>
    ledger === payout.ledger ? { ...ledger, blocks: change(ledger.blocks) } : ledger,
  );
  return { ...sound, ledgers };
}

function again(change: Partial<LedgerBlock['transaction']> = {}): Evidence {
  const transaction = { ...payout.block.transaction, ...change };
  return withBlocks((blocks) => [
    ...blocks,
    { ...payout.block, transaction, index: BigInt(blocks.length) },
  ]);
}

describe('the judge of the money simulation', () => {
  it('finds nothing where nothing is wrong', () => {
    const verdict = judge(sound);
    expect(verdict).toMatchObject({ double: 0, lost: 0, insolvent: 0, parked: 0, troubles: [] });
    expect(verdict.exactlyOnce).toBeGreaterThan(5);
  });

  it('sees a payment that was made twice', () => {
    expect(judge(again())).toMatchObject({ double: 1, lost: 0, insolvent: 1 });
  });

  it('sees a second payment by a generation that the journal does not have', () => {
    const own = hex(payout.block.transaction.memo);
    const ids = [...transfersOf(sound.journal, sound.known).keys()];
    const id = ids.find((one) => hex(memoOf(one, 1)) === own);
    const memo = id === undefined ? undefined : memoOf(id, 2);
    expect(memo).toHaveLength(32);
    expect(judge(again({ memo }))).toMatchObject({ double: 1, insolvent: 1 });
  });

  it('sees a payment that no transfer is behind', () => {
    const verdict = judge(again({ memo: new Uint8Array(32).fill(1) }));
    expect(verdict).toMatchObject({ double: 1, insolvent: 1 });
    expect(verdict.troubles.join()).toContain('is in no journal');
  });

  it('sees a payment that was never made', () => {
    const evidence = withBlocks((blocks) => blocks.filter((block) => block !== payout.block));
    expect(judge(evidence)).toMatchObject({ double: 0, lost: 1 });
  });

  it('sees a payment of too little, or to somebody else', () => {
    const { operation } = payout.block.transaction;
    if (operation.kind !== 'transfer') throw new Error('a payout is a transfer');
    for (const change of [{ amount: operation.amount - 1n }, { to: operation.from }]) {
      const evidence = withBlocks((blocks) =>
        blocks.map((block) =>
          block === payout.block
            ? {
                ...block,
                transaction: { ...block.transaction, operation: { ...operation, ...change } },
              }
            : block,
        ),
      );
      expect(judge(evidence)).toMatchObject({ lost: 1 });
    }
  });

  it('sees that tokens are missing, and that the treasury says so', () => {
    const claims = sound.claims.map((one) => ({ ...one, difference: -1n }));
    expect(judge({ ...sound, claims }).insolvent).toBe(sound.ledgers.length);
  });

  it('sees books that owe another amount than the rules do', () => {
    const journal = sound.journal.map((entry) => {
      if (!('Ended' in entry.event)) return entry;
      const { Ended } = entry.event;
      const credits = { ...Ended.credits, payer: Ended.credits.payer + 1n };
      return { ...entry, event: { Ended: { ...Ended, credits } } };
    });
    expect(judge({ ...sound, journal }).troubles.join()).toContain('payer is credited');
  });

  it('sees that somebody who is owed was never paid', () => {
    const payouts = transfersOf(sound.journal, sound.known);
    const forgotten = [...payouts.values()].find(
      ({ end, party }) => end === 'paid' && typeof party === 'object' && 'Provider' in party,
    );
    expect(forgotten).toMatchObject({ end: 'paid' });
    const journal = sound.journal.filter(({ event }) => {
      const [body] = Object.values(event) as { transfer_id?: bigint }[];
      return body?.transfer_id === undefined || body.transfer_id !== forgotten?.id;
    });
    expect(judge({ ...sound, journal }).lost).toBeGreaterThan(0);
  });
});
