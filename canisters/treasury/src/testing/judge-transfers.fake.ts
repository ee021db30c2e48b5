import { balanceOf } from '../core/escrow/party-book.ts';
import { memoOf } from '../core/transfers/frozen-args.ts';
import type { TransferId } from '../core/ids.ts';
import type { Transfer } from '../core/transfers/transfer.ts';
import { accountKey } from './escrow-driver.fake.ts';
import { hex } from './model-block.fake.ts';
import type { ModelBlock } from './model-ledger.fake.ts';
import type { TransferWorld } from './transfer-world.fake.ts';

/** What the ledger says about what the treasury believes. */
export interface Judgement {
  readonly paid: number;
  readonly failed: number;
  readonly parked: readonly Transfer[];
  /** Executed more than once. */
  readonly double: number;
  /** Believed paid and not executed, or never brought to an end. */
  readonly lost: number;
  /** Anything else that the books and the ledger disagree about. */
  readonly troubles: readonly string[];
}

/** Compares every transfer with the ledger's blocks, and every account with the books. */
export function judge(world: TransferWorld): Judgement {
  const { storage } = world.canister;
  const transfers = Array.from({ length: storage.ids.transfers.count() }, (_, id) =>
    storage.transfers.get(id as TransferId),
  ).filter((transfer) => transfer !== undefined);
  const judged = transfers.map((transfer) => judgeTransfer(transfer, blocksOf(world, transfer)));
  const parked = transfers.filter(({ status }) => status.kind === 'parked');
  return {
    paid: transfers.filter(({ status }) => status.kind === 'paid').length,
    failed: transfers.filter(({ status }) => status.kind === 'failed').length,
    parked,
    double: judged.filter(({ isDouble }) => isDouble).length,
    lost: judged.filter(({ isLost }) => isLost).length,
    troubles: [...judged.flatMap(({ troubles }) => troubles), ...judgeBalances(world, parked)],
  };
}

/** The blocks of all its generations. */
export function blocksOf(world: TransferWorld, transfer: Transfer): readonly ModelBlock[] {
  const memos = new Set<string>();
  for (let generation = 1; generation <= transfer.lastGeneration; generation += 1) {
    memos.add(hex(memoOf({ id: transfer.id, generation })));
  }
  const from = accountKey(transfer.from);
  return world.ledger.blocks.filter((block) => block.from === from && memos.has(block.memo));
}

function judgeTransfer(transfer: Transfer, blocks: readonly ModelBlock[]) {
  const { id, status } = transfer;
  const troubles: string[] = [];
  const [block] = blocks;
  if (status.kind === 'paid' && block !== undefined) {
    const isSame = block.amount === transfer.amount && block.to === accountKey(transfer.to);
    if (!isSame) troubles.push(`transfer ${id}: another amount or receiver`);
    if (block.fee !== transfer.fee) troubles.push(`transfer ${id}: another fee`);
  }
  if (status.kind === 'failed' && block !== undefined)
    troubles.push(`transfer ${id}: failed, done`);
  const isOver = ['paid', 'failed', 'parked'].includes(status.kind);
  const isMissing = status.kind === 'paid' && block === undefined;
  return { isDouble: blocks.length > 1, isLost: !isOver || isMissing, troubles };
}

/** Every escrow's account holds what its books say and what was donated. */
function judgeBalances(world: TransferWorld, parked: readonly Transfer[]): string[] {
  const troubles: string[] = [];
  for (const id of world.escrowIds) {
    const escrow = world.canister.storage.escrows.get(id);
    if (escrow === undefined) continue;
    const key = accountKey(world.escrowAccount(id));
    let expected = balanceOf(escrow) + (world.donations.get(key) ?? 0n);
    for (const transfer of parked) expected += parkedEffect(world, transfer, key);
    const held = world.ledger.balanceOf(key);
    if (held !== expected) {
      troubles.push(`escrow ${id} holds ${held.toString()}, not ${expected.toString()}`);
    }
  }
  return troubles;
}

/** A parked transfer that did execute is on the ledger and in no book. */
function parkedEffect(world: TransferWorld, transfer: Transfer, key: string): bigint {
  const [block] = blocksOf(world, transfer);
  if (block === undefined) return 0n;
  if (block.from === key) return -(block.amount + block.fee);
  return block.to === key ? block.amount : 0n;
}
