import type { TransferId } from '../../core/ids.ts';
import type { FrozenArgs } from '../../core/transfers/transfer.ts';

/**
 * How far blocks were searched. Blocks never change, so what was searched once need not be again. On
 * the heap: without it a search begins at the transfer's `scanFrom` and finds the same.
 */
export class ScanProgress {
  readonly #next = new Map<TransferId, { readonly generation: number; readonly block: bigint }>();

  /** The first block not searched yet; undefined if none was. */
  nextOf(id: TransferId, args: FrozenArgs): bigint | undefined {
    const progress = this.#next.get(id);
    return progress?.generation === args.generation ? progress.block : undefined;
  }

  searched(id: TransferId, args: FrozenArgs, next: bigint): void {
    this.#next.set(id, { generation: args.generation, block: next });
  }

  forget(id: TransferId): void {
    this.#next.delete(id);
  }
}
