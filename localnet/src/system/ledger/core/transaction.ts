/** What a transaction does to balances. `A` names an account in the ledger's own way. */
export type Operation<A> =
  | {
      readonly kind: 'mint';
      readonly to: A;
      readonly amount: bigint;
      /** Only the cycles ledger writes one: cycles that a deposit cost. Moves no balance. */
      readonly fee: bigint | undefined;
    }
  | {
      readonly kind: 'burn';
      readonly from: A;
      readonly spender: A | undefined;
      readonly amount: bigint;
    }
  | {
      readonly kind: 'transfer';
      readonly from: A;
      readonly to: A;
      readonly spender: A | undefined;
      readonly amount: bigint;
      /** The fee the caller named, or undefined when the caller left it to the ledger. */
      readonly fee: bigint | undefined;
    }
  | {
      readonly kind: 'approve';
      readonly from: A;
      readonly spender: A;
      readonly amount: bigint;
      readonly expectedAllowance: bigint | undefined;
      readonly expiresAtNs: bigint | undefined;
      readonly fee: bigint | undefined;
    };

/** An operation with what the caller added to it. Two equal transactions are duplicates. */
export interface Transaction<A> {
  readonly operation: Operation<A>;
  /** Asks for protection against replay; without it equal transactions all execute. */
  readonly createdAtNs: bigint | undefined;
  readonly memo: Uint8Array | undefined;
  /** The 64-bit memo of the ICP ledger's own `transfer`; 0 everywhere else. */
  readonly numericMemo: bigint;
}

export interface Block<A> {
  readonly parentHash: Uint8Array | undefined;
  readonly timestampNs: bigint;
  readonly transaction: Transaction<A>;
  /** The fee taken, when the caller did not name one. */
  readonly effectiveFee: bigint | undefined;
  /** Written out once; later blocks point at that block instead. */
  readonly feeCollector: A | undefined;
  readonly feeCollectorBlock: number | undefined;
}

export interface SealedBlock {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** How one ledger writes accounts and blocks, and what makes two transactions equal. */
export interface BlockFormat<A> {
  keyOf(account: A): string;
  seal(block: Block<A>): SealedBlock;
  open(bytes: Uint8Array): Block<A>;
  transactionId(transaction: Transaction<A>): string;
}
