import { Allowances } from './allowances.ts';
import { Balances } from './balances.ts';
import { BlockLog } from './block-log.ts';
import { ReplayWindow } from './replay-window.ts';
import type { BlockFormat, Transaction } from './transaction.ts';

/** Who gets the fees, and the first block that says so. */
export interface FeeCollector<A> {
  readonly account: A;
  readonly blockIndex: number | undefined;
}

/** Everything a ledger remembers. Rules decide what happens to it; this only keeps it consistent. */
export class LedgerState<A> {
  readonly format: BlockFormat<A>;
  readonly balances = new Balances();
  readonly allowances = new Allowances();
  readonly replays = new ReplayWindow();
  readonly log = new BlockLog();
  feeCollector: FeeCollector<A> | undefined;

  constructor(format: BlockFormat<A>) {
    this.format = format;
  }

  balanceOf(account: A): bigint {
    return this.balances.of(this.format.keyOf(account));
  }

  /** Chains a block for a transaction that has been applied; returns its index. */
  appendBlock(
    transaction: Transaction<A>,
    block: { readonly nowNs: bigint; readonly effectiveFee: bigint | undefined },
  ): number {
    const collector = this.feeCollector;
    const index = this.log.append(
      this.format.seal({
        parentHash: this.log.tipHash,
        timestampNs: block.nowNs,
        transaction,
        effectiveFee: block.effectiveFee,
        feeCollector: collector?.blockIndex === undefined ? collector?.account : undefined,
        feeCollectorBlock: collector?.blockIndex,
      }),
    );
    if (collector !== undefined && collector.blockIndex === undefined) {
      this.feeCollector = { account: collector.account, blockIndex: index };
    }
    return index;
  }
}
