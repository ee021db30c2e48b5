import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf } from '../core/account.ts';
import type { Block, Operation } from '../core/transaction.ts';
import {
  accountIdBytes,
  accountIdOf,
  parseAccountId,
  parseAccountIdText,
  type AccountId,
} from './account-identifier.ts';
import { ICP_BLOCK_FORMAT } from './icp-block.ts';

describe('account identifiers', () => {
  it('of the anonymous principal is the known one', () => {
    expect(accountIdOf(accountOf(Principal.anonymous()))).toBe(
      '1c7a48ba6a562aa9eaa2481a9049cdf0433b9738c992d698c31d8abf89cadc79',
    );
  });

  it('are refused with a wrong checksum or length', () => {
    const id = accountIdOf(accountOf(Principal.anonymous()));
    const bytes = accountIdBytes(id);
    const wrong = Uint8Array.from(bytes);
    wrong[0] = (wrong[0] ?? 0) ^ 1;
    expect(parseAccountId(bytes)).toBe(id);
    expect(parseAccountId(wrong)).toBeUndefined();
    expect(parseAccountId(bytes.slice(0, 28))).toBeUndefined();
    expect(parseAccountIdText('xyz')).toBeUndefined();
  });
});

const nat64 = fc.bigInt(0n, (1n << 64n) - 1n);
const account: fc.Arbitrary<AccountId> = fc
  .uint8Array({ minLength: 1, maxLength: 29 })
  .map((bytes) => accountIdOf(accountOf(Principal.fromUint8Array(bytes))));
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const operation: fc.Arbitrary<Operation<AccountId>> = fc.oneof(
  fc.record({
    kind: fc.constant('mint' as const),
    to: account,
    amount: nat64,
    fee: fc.constant(undefined),
  }),
  fc.record({
    kind: fc.constant('burn' as const),
    from: account,
    spender: optional(account),
    amount: nat64,
  }),
  fc.record({
    kind: fc.constant('transfer' as const),
    from: account,
    to: account,
    spender: optional(account),
    amount: nat64,
    fee: nat64,
  }),
  fc.record({
    kind: fc.constant('approve' as const),
    from: account,
    spender: account,
    amount: nat64,
    expectedAllowance: optional(nat64),
    expiresAtNs: optional(nat64),
    fee: nat64,
  }),
);

const block: fc.Arbitrary<Block<AccountId>> = fc.record({
  parentHash: optional(fc.uint8Array({ minLength: 32, maxLength: 32 })),
  timestampNs: nat64,
  transaction: fc.record({
    operation,
    createdAtNs: optional(nat64),
    memo: optional(fc.uint8Array({ maxLength: 32 })),
    numericMemo: nat64,
  }),
  effectiveFee: fc.constant(undefined),
  feeCollector: fc.constant(undefined),
  feeCollectorBlock: fc.constant(undefined),
});

describe('ICP_BLOCK_FORMAT', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(block, (original) => {
        expect(ICP_BLOCK_FORMAT.open(ICP_BLOCK_FORMAT.seal(original).bytes)).toEqual(original);
      }),
    );
  });
});
