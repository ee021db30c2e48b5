import { accountKey } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import type { LedgerBlock } from '@decent-cloud/localnet/testing/ledger-blocks.ts';

/** One movement of tokens as a block says it. */
export interface Movement {
  readonly index: bigint;
  readonly from: string;
  /** Undefined where it was burned. */
  readonly to: string | undefined;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly memo: string;
}

/** Transfers and burns, in order; a burn is a transfer to the minting account. */
export function movementsOf(blocks: readonly LedgerBlock[]): readonly Movement[] {
  return blocks.flatMap(({ index, transaction, effectiveFee }): Movement[] => {
    const { operation } = transaction;
    if (operation.kind !== 'transfer' && operation.kind !== 'burn') return [];
    const isTransfer = operation.kind === 'transfer';
    return [
      {
        index,
        from: accountKey(operation.from),
        to: isTransfer ? accountKey(operation.to) : undefined,
        amount: operation.amount,
        fee: isTransfer ? (operation.fee ?? effectiveFee ?? 0n) : 0n,
        memo: hex(transaction.memo),
      },
    ];
  });
}

/** Who has how much, by replaying every block. */
export function balancesOf(blocks: readonly LedgerBlock[]): ReadonlyMap<string, bigint> {
  const balances = new Map<string, bigint>();
  const add = (account: string, amount: bigint): void => {
    balances.set(account, (balances.get(account) ?? 0n) + amount);
  };
  for (const { transaction, effectiveFee } of blocks) {
    const { operation } = transaction;
    if (operation.kind === 'mint') {
      add(accountKey(operation.to), operation.amount);
      continue;
    }
    if (operation.kind === 'burn') {
      add(accountKey(operation.from), -operation.amount);
      continue;
    }
    const fee = operation.fee ?? effectiveFee ?? 0n;
    const amount = operation.kind === 'transfer' ? operation.amount : 0n;
    add(accountKey(operation.from), -(amount + fee));
    if (operation.kind === 'transfer') add(accountKey(operation.to), amount);
  }
  return balances;
}

export function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('hex');
}
