import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  approve as cyclesApprove,
  transfer as cyclesTransfer,
} from '../../cycles-ledger/cycles-rules.ts';
import { burn as cyclesBurn, mint as cyclesMint } from '../../cycles-ledger/cycles-rules.ts';
import { accountIdOf } from '../icp/account-identifier.ts';
import { ICP_BLOCK_FORMAT } from '../icp/icp-block.ts';
import {
  approve,
  transfer,
  type ApproveRequest,
  type SuiteRules,
  type TransferRequest,
} from '../suite-rules.ts';
import { accountOf, type Account } from './account.ts';
import type { LedgerResult } from './apply-transaction.ts';
import { ICRC_BLOCK_FORMAT } from './icrc-block.ts';
import {
  LedgerSnapshot,
  restoreSnapshot,
  takeSnapshot,
  type LedgerSnapshotValue,
} from './ledger-snapshot.ts';
import { LedgerState } from './ledger-state.ts';
import type { Block } from './transaction.ts';

const START_NS = 1_700_000_000_000_000_000n;
const HOUR_NS = 3_600_000_000_000n;
const FEE = 100_000_000n;
const OWNERS = [0, 1, 2, 3].map((index) => Principal.fromUint8Array(Uint8Array.of(index, 7)));
const MINTER = accountOf(Principal.fromUint8Array(Uint8Array.of(99)));

/** One ledger under test, its rules hidden behind what a call can ask. */
interface Subject<A> {
  readonly state: LedgerState<A>;
  readonly account: (account: Account) => A;
  readonly mint: (to: A, amount: bigint, nowNs: bigint) => LedgerResult;
  readonly burn: (request: TransferRequest<A>, nowNs: bigint) => LedgerResult;
  readonly transfer: (request: TransferRequest<A>, nowNs: bigint) => LedgerResult;
  readonly approve: (request: ApproveRequest<A>, nowNs: bigint) => LedgerResult;
}

function suiteSubject<A>(rules: SuiteRules<A>, account: (account: Account) => A): Subject<A> {
  return {
    state: rules.state,
    account,
    mint: (to, amount, nowNs) =>
      transfer(
        rules,
        {
          ...{ from: rules.mintingAccount, to, spender: undefined, amount },
          ...{ fee: undefined, memo: undefined, createdAtNs: undefined },
        },
        nowNs,
      ),
    burn: (request, nowNs) => transfer(rules, { ...request, to: rules.mintingAccount }, nowNs),
    transfer: (request, nowNs) => transfer(rules, request, nowNs),
    approve: (request, nowNs) => approve(rules, request, nowNs),
  };
}

function icrcSubject(collector: Account | undefined): Subject<Account> {
  const state = new LedgerState(ICRC_BLOCK_FORMAT);
  if (collector !== undefined) state.feeCollector = { account: collector, blockIndex: undefined };
  const limits = { fee: FEE, maxTokens: (1n << 64n) - 1n, maxMemoBytes: 32 };
  const rules = { state, mintingAccount: MINTER, ...limits, writesFee: 'as-given' as const };
  return suiteSubject(rules, (account) => account);
}

function icpSubject(): Subject<string> {
  const limits = { fee: FEE, maxTokens: (1n << 64n) - 1n, maxMemoBytes: 32 };
  const state = new LedgerState(ICP_BLOCK_FORMAT);
  const mintingAccount = accountIdOf(MINTER);
  const rules = { state, mintingAccount, ...limits, writesFee: 'always' as const };
  return suiteSubject(rules, accountIdOf) as unknown as Subject<string>;
}

function cyclesSubject(): Subject<Account> {
  const state = new LedgerState(ICRC_BLOCK_FORMAT);
  return {
    state,
    account: (account) => account,
    mint: (to, amount, nowNs) => ({
      kind: 'ok',
      blockIndex: cyclesMint(state, { to, amount, fee: FEE, memo: undefined }, nowNs),
    }),
    burn: (request, nowNs) =>
      cyclesBurn(state, { ...request, memo: request.memo ?? new Uint8Array() }, nowNs),
    transfer: (request, nowNs) => cyclesTransfer(state, request, nowNs),
    approve: (request, nowNs) => cyclesApprove(state, request, nowNs),
  };
}

const actor = fc.integer({ min: 0, max: OWNERS.length - 1 });
const amount = fc.bigInt(0n, 12n).map((units) => units * (FEE / 2n));
const step = fc.record({
  act: fc.constantFrom('mint', 'burn', 'transfer', 'transfer-from', 'approve'),
  from: actor,
  to: actor,
  spender: actor,
  subaccount: fc.boolean(),
  amount,
  fee: fc.constantFrom(undefined, undefined, FEE, 0n, 1n),
  memo: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }),
  createdAgoNs: fc.option(fc.bigInt(-HOUR_NS / 30n, 26n * HOUR_NS), { nil: undefined }),
  expected: fc.option(amount, { nil: undefined }),
  expiresInNs: fc.option(fc.bigInt(-HOUR_NS, 3n * HOUR_NS), { nil: undefined }),
  elapsedNs: fc.bigInt(0n, 4n * HOUR_NS),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function account(index: number, hasSubaccount: boolean): Account {
  const owner = OWNERS[index] ?? Principal.anonymous();
  return accountOf(owner, hasSubaccount ? new Uint8Array(32).fill(index + 1) : undefined);
}

function perform<A>(subject: Subject<A>, action: Step, nowNs: bigint): LedgerResult {
  const at = (index: number): A => subject.account(account(index, action.subaccount));
  const createdAtNs = action.createdAgoNs === undefined ? undefined : nowNs - action.createdAgoNs;
  const { amount: sum, fee, memo } = action;
  const from = at(action.from);
  const common = { from, amount: sum, fee, memo, createdAtNs };
  const spender = action.act === 'transfer-from' ? at(action.spender) : undefined;
  if (action.act === 'mint') return subject.mint(at(action.to), sum + 1n, nowNs);
  if (action.act === 'burn') return subject.burn({ ...common, to: from, spender }, nowNs);
  if (action.act !== 'approve') {
    return subject.transfer({ ...common, to: at(action.to), spender }, nowNs);
  }
  if (action.spender === action.from)
    return subject.transfer({ ...common, to: from, spender }, nowNs);
  const expiresAtNs = action.expiresInNs === undefined ? undefined : nowNs + action.expiresInNs;
  const limits = { expectedAllowance: action.expected, expiresAtNs };
  return subject.approve({ ...common, spender: at(action.spender), ...limits }, nowNs);
}

/** Balances as the blocks alone tell them. */
function balancesFromBlocks<A>(state: LedgerState<A>): {
  balances: Map<string, bigint>;
  fees: bigint;
} {
  const balances = new Map<string, bigint>();
  let fees = 0n;
  const add = (key: string, change: bigint): void => {
    balances.set(key, (balances.get(key) ?? 0n) + change);
  };
  const blocks = state.log.slice({ start: 0, end: state.log.length });
  for (const block of blocks.map((bytes) => state.format.open(bytes))) {
    const { operation } = block.transaction;
    const fee = feeOf(block);
    if (operation.kind !== 'mint') add(state.format.keyOf(operation.from), -fee);
    if (operation.kind === 'mint') add(state.format.keyOf(operation.to), operation.amount);
    if (operation.kind === 'burn') add(state.format.keyOf(operation.from), -operation.amount);
    if (operation.kind === 'transfer') {
      add(state.format.keyOf(operation.from), -operation.amount);
      add(state.format.keyOf(operation.to), operation.amount);
      if (state.feeCollector !== undefined)
        add(state.format.keyOf(state.feeCollector.account), fee);
    }
    if (operation.kind !== 'transfer' || state.feeCollector === undefined) fees += fee;
  }
  return { balances: new Map([...balances].filter(([, balance]) => balance !== 0n)), fees };
}

function feeOf<A>(block: Block<A>): bigint {
  const { operation } = block.transaction;
  if (operation.kind === 'mint') return 0n;
  const named = operation.kind === 'burn' ? undefined : operation.fee;
  return named ?? block.effectiveFee ?? 0n;
}

function netMinted<A>(state: LedgerState<A>): bigint {
  const blocks = state.log.slice({ start: 0, end: state.log.length });
  return blocks
    .map((bytes) => state.format.open(bytes).transaction.operation)
    .reduce((sum, operation) => {
      if (operation.kind === 'mint') return sum + operation.amount;
      return operation.kind === 'burn' ? sum - operation.amount : sum;
    }, 0n);
}

function snapshotBytes<A>(state: LedgerState<A>): Uint8Array {
  return IDL.encode([LedgerSnapshot], [takeSnapshot(state)]);
}

function checkInvariants<A>(state: LedgerState<A>): void {
  const { balances, fees } = balancesFromBlocks(state);
  const entries = state.balances.entries();
  expect(new Map(entries)).toEqual(balances);
  expect(entries.every(([, balance]) => balance > 0n)).toBe(true);
  expect(entries.reduce((sum, [, balance]) => sum + balance, 0n)).toBe(state.balances.totalSupply);
  expect(state.balances.totalSupply + fees).toBe(netMinted(state));
  let parentHash: Uint8Array | undefined;
  for (const bytes of state.log.slice({ start: 0, end: state.log.length })) {
    const block = state.format.open(bytes);
    expect(block.parentHash).toEqual(parentHash);
    parentHash = state.format.seal(block).hash;
  }
  expect(state.log.tipHash).toEqual(parentHash);
}

function runSteps<A>(makeSubject: () => Subject<A>, steps: readonly Step[]): void {
  const subject = makeSubject();
  const { state } = subject;
  let nowNs = START_NS;
  for (const index of OWNERS.keys()) {
    subject.mint(subject.account(account(index, index % 2 === 1)), 20n * FEE, nowNs);
  }
  for (const action of steps) {
    nowNs += action.elapsedNs;
    const before = { entries: state.balances.entries(), length: state.log.length };
    const result = perform(subject, action, nowNs);
    if (result.kind === 'error') {
      expect(state.balances.entries()).toEqual(before.entries);
      expect(state.log.length).toBe(before.length);
      continue;
    }
    expect(result.blockIndex).toBe(before.length);
    const asksOnce = action.createdAgoNs !== undefined && action.act !== 'mint';
    if (!asksOnce) continue;
    expect(perform(subject, action, nowNs)).toEqual({
      kind: 'error',
      error: { kind: 'duplicate', duplicateOf: result.blockIndex },
    });
  }
  checkInvariants(state);

  const bytes = snapshotBytes(state);
  const restored = new LedgerState(state.format);
  restored.feeCollector = state.feeCollector && { ...state.feeCollector, blockIndex: undefined };
  const [value] = IDL.decode([LedgerSnapshot], bytes);
  restoreSnapshot(restored, value as unknown as LedgerSnapshotValue);
  expect(snapshotBytes(restored)).toEqual(bytes);
  expect(restored.balances.totalSupply).toBe(state.balances.totalSupply);
}

describe('ledger invariants', () => {
  const runs = { numRuns: 150 };
  const steps = fc.array(step, { maxLength: 40 });

  it('hold for the ICRC-1 rules: supply, replay of blocks, hash chain, duplicates, snapshots', () => {
    fc.assert(
      fc.property(steps, (list) => {
        runSteps(() => icrcSubject(undefined), list);
      }),
      runs,
    );
  });

  it('hold for the ICRC-1 rules with a fee collector', () => {
    fc.assert(
      fc.property(steps, (list) => {
        runSteps(() => icrcSubject(account(0, false)), list);
      }),
      runs,
    );
  });

  it('hold for the ICP rules and blocks', () => {
    fc.assert(
      fc.property(steps, (list) => {
        runSteps(icpSubject, list);
      }),
      runs,
    );
  });

  it('hold for the cycles ledger', () => {
    fc.assert(
      fc.property(steps, (list) => {
        runSteps(cyclesSubject, list);
      }),
      runs,
    );
  });
});
