import { beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '@dfinity/principal';
import { decodeCbor } from '../src/crypto/cbor.ts';
import { hashTreeFromCbor } from '../src/crypto/hash-tree-cbor.ts';
import type { HashTree } from '../src/crypto/hash-tree.ts';
import { encodeUleb128 } from '../src/crypto/leb128.ts';
import { toHex } from '../src/system/ledger/core/account.ts';
import { hashValue, mapEntry, type Icrc3Value } from '../src/system/ledger/core/icrc3-value.ts';
import { ICRC_ARCHIVE_SERVICE } from '../src/system/ledger/icrc/icrc-idl.ts';
import { CYCLES_FEE, deposit } from './fixtures/cycles-scenarios.ts';
import { FEE } from './fixtures/icrc-scenarios.ts';
import { icrcHistory, transferHistory } from './fixtures/ledger-history.ts';
import { ALICE, call, transfer, type LedgerWorld } from './fixtures/ledger-world.ts';
import {
  CERTIFICATE,
  realCyclesLedger,
  realIcrcLedger,
  standInCyclesLedger,
  standInIcrcLedger,
} from './fixtures/ledger-worlds.ts';
import { thirdPartyWasm } from './fixtures/third-party.ts';

interface Icrc3Answer {
  readonly log_length: bigint;
  readonly blocks: readonly { readonly id: bigint; readonly block: Icrc3Value }[];
  readonly archived_blocks: readonly {
    readonly args: readonly { readonly start: bigint; readonly length: bigint }[];
    readonly callback: [Principal, string];
  }[];
}

interface OlderAnswer {
  readonly first_index: bigint;
  readonly blocks: readonly unknown[];
  readonly archived_blocks: readonly {
    readonly start: bigint;
    readonly length: bigint;
    readonly callback: [Principal, string];
  }[];
}

function icrc3Blocks(world: LedgerWorld, start = 0n, length = 100n): Icrc3Answer {
  return call(world, ALICE, 'icrc3_get_blocks', [{ start, length }]) as Icrc3Answer;
}

/** Asks an archive, as a client that follows the callback does. */
function followed(world: LedgerWorld, callback: [Principal, string], ...args: unknown[]): unknown {
  const [canisterId, method] = callback;
  return world.client.call({ sender: ALICE, canisterId, method }, ICRC_ARCHIVE_SERVICE, ...args);
}

function expectChain(blocks: readonly Icrc3Value[]): void {
  let parentHash: string | undefined;
  for (const block of blocks) {
    const phash = mapEntry(block, 'phash');
    expect(phash === undefined || !('Blob' in phash) ? undefined : toHex(phash.Blob)).toBe(
      parentHash,
    );
    parentHash = toHex(hashValue(block));
  }
}

function lastOf<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new Error('empty list');
  return last;
}

/** The leaves of the tree that the ledger's certified data is the root of. */
function certifiedTip(world: LedgerWorld): Record<string, string> {
  const [proof] = call(world, ALICE, 'icrc3_get_tip_certificate') as {
    certificate: Uint8Array;
    hash_tree: Uint8Array;
  }[];
  expect(proof?.certificate).toEqual(CERTIFICATE);
  const tree = hashTreeFromCbor(decodeCbor(proof?.hash_tree ?? new Uint8Array()));
  const certified = world.client.replica.canister(world.ledgerId)?.certifiedData;
  expect(toHex(tree.hash)).toBe(toHex(certified ?? new Uint8Array()));
  return Object.fromEntries(leaves(tree));
}

function leaves(tree: HashTree): [string, string][] {
  if (tree.kind === 'fork') return [...leaves(tree.left), ...leaves(tree.right)];
  if (tree.kind !== 'labeled' || tree.child.kind !== 'leaf') return [];
  return [[new TextDecoder().decode(tree.label), toHex(tree.child.value)]];
}

/** The Wasm of 2023 calls every number Int, later ledgers Nat64: the value is what counts. */
function withPlainNumbers(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  const entries = Object.entries(value);
  const [name, item] = entries[0] ?? [];
  if (name === 'Int' || name === 'Nat64') return item;
  return Object.fromEntries(entries.map(([key, each]) => [key, withPlainNumbers(each)]));
}

type PlainMap = readonly (readonly [string, unknown])[];
interface PlainBlock {
  readonly Map: PlainMap;
}

function plainBlocks(world: LedgerWorld): readonly PlainBlock[] {
  return wholeLog(world).map((block) => withPlainNumbers(block) as PlainBlock);
}

function field(map: PlainMap, key: string): unknown {
  return map.find(([name]) => name === key)?.[1];
}

function isApproval(block: PlainBlock): boolean {
  const { Map: tx } = field(block.Map, 'tx') as PlainBlock;
  return (field(tx, 'op') as { Text: string }).Text === 'approve';
}

function withoutParent(block: PlainBlock): PlainBlock {
  return { Map: block.Map.filter(([key]) => key !== 'phash') };
}

/**
 * A block as the Wasm of 2023 would write it: its approvals leave the effective fee out and wrap
 * the expiry in a record. That changes hashes, so the parent hash is left out too.
 */
function asIn2023(block: PlainBlock): PlainBlock {
  const { Map: entries } = withoutParent(block);
  if (!isApproval(block)) return { Map: entries };
  const { Map: tx } = field(entries, 'tx') as PlainBlock;
  const wrapped = tx.map(([key, value]) =>
    key === 'expires_at' ? [key, { Map: [['timestamp_nanos', value]] }] : [key, value],
  );
  return {
    Map: entries
      .filter(([key]) => key !== 'fee')
      .map(([key, value]) => [key, key === 'tx' ? { Map: wrapped } : value] as const),
  };
}

interface OlderTransactions {
  readonly transactions: readonly { readonly kind: string }[];
}

function hasNoApproval(transaction: { readonly kind: string }): boolean {
  return transaction.kind !== 'approve';
}

/** The whole log by the older `get_blocks`, archives included. */
function wholeLog(world: LedgerWorld): readonly unknown[] {
  const range = { start: 0n, length: 1_000n };
  const answer = call(world, ALICE, 'get_blocks', range) as OlderAnswer;
  const archived = answer.archived_blocks.flatMap(({ start, length, callback }) => {
    const part = followed(world, callback, { start, length }) as { blocks: unknown[] };
    return part.blocks;
  });
  return [...archived, ...answer.blocks];
}

describe('blocks of the ICRC-1 ledger', () => {
  let wasm: Uint8Array;

  beforeAll(async () => {
    wasm = await thirdPartyWasm('icrc1-ledger');
  });

  it('are those DFINITY ledger writes, hash for hash up to the first approval', () => {
    const real = realIcrcLedger(wasm);
    const standIn = standInIcrcLedger();
    const answers = icrcHistory(standIn, FEE);
    expect(answers).toEqual(answers.map((_answer, index) => ({ Ok: BigInt(index) + 2n })));
    expect(icrcHistory(real, FEE)).toEqual(answers);

    const ours = plainBlocks(standIn);
    const theirs = plainBlocks(real);
    const firstApproval = ours.findIndex(isApproval);
    expect(firstApproval).toBeGreaterThan(5);
    expect(ours.slice(0, firstApproval)).toEqual(theirs.slice(0, firstApproval));
    expect(ours.map(asIn2023)).toEqual(theirs.map(withoutParent));

    const range = { start: 0n, length: 100n };
    const transactions = call(standIn, ALICE, 'get_transactions', range) as OlderTransactions;
    const older = call(real, ALICE, 'get_transactions', range) as OlderTransactions;
    expect(transactions.transactions.filter(hasNoApproval)).toEqual(
      older.transactions.filter(hasNoApproval),
    );
  });

  it('form a hash chain in icrc3_get_blocks, whose tip is certified', () => {
    const world = standInIcrcLedger();
    icrcHistory(world, FEE);
    const { log_length: length, blocks } = icrc3Blocks(world);
    expect(blocks.map(({ id }) => id)).toEqual(blocks.map((_block, index) => BigInt(index)));
    expect(BigInt(blocks.length)).toBe(length);
    expectChain(blocks.map(({ block }) => block));
    expect(certifiedTip(world)).toEqual({
      last_block_hash: toHex(hashValue(lastOf(blocks).block)),
      last_block_index: toHex(encodeUleb128(length - 1n)),
    });
  });
});

describe('archives of the ICRC-1 ledger', () => {
  const archive = { triggerThreshold: 10, blocksToArchive: 4 };
  let wasm: Uint8Array;

  beforeAll(async () => {
    wasm = await thirdPartyWasm('icrc1-ledger');
  });

  function run(world: LedgerWorld): void {
    for (let count = 0; count < 20; count += 1) {
      world.client.advance(1n);
      expect(transfer(world, ALICE, { amount: BigInt(count) })).toEqual({ Ok: BigInt(count) + 2n });
    }
  }

  function ranges(world: LedgerWorld): unknown {
    const archives = call(world, ALICE, 'archives') as {
      block_range_start: bigint;
      block_range_end: bigint;
    }[];
    return archives.map((each) => [each.block_range_start, each.block_range_end]);
  }

  it('take over blocks when DFINITY ledger does, and serve the same blocks', () => {
    const real = realIcrcLedger(wasm, archive);
    const standIn = standInIcrcLedger(archive);
    run(real);
    run(standIn);
    expect(ranges(standIn)).toEqual([[0n, 15n]]);
    expect(ranges(real)).toEqual(ranges(standIn));
    expect(wholeLog(standIn)).toHaveLength(22);
    expect(withPlainNumbers(wholeLog(standIn))).toEqual(withPlainNumbers(wholeLog(real)));
  });

  it('answer the callbacks of icrc3_get_blocks and get_transactions', () => {
    const world = standInIcrcLedger(archive);
    run(world);
    const { blocks, archived_blocks: archived } = icrc3Blocks(world);
    const fetched = archived.flatMap(({ args, callback }) => {
      const part = followed(world, callback, args) as Icrc3Answer;
      return part.blocks;
    });
    const all = [...fetched, ...blocks];
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 22 }, (_, id) => BigInt(id)));
    expectChain(all.map(({ block }) => block));

    const [first] = call(world, ALICE, 'icrc3_get_archives', { from: [] }) as {
      canister_id: Principal;
    }[];
    const [id] = archived.map(({ callback }) => callback[0]);
    expect(first?.canister_id.toText()).toBe(id?.toText());
    expect(call(world, ALICE, 'icrc3_get_archives', { from: [first?.canister_id] })).toEqual([]);

    const older = call(world, ALICE, 'get_transactions', { start: 3n, length: 2n }) as {
      archived_transactions: { callback: [Principal, string] }[];
    };
    const [range] = older.archived_transactions;
    expect(range).toMatchObject({ start: 3n, length: 2n });
  });

  it('take blocks from their ledger only', () => {
    const world = standInIcrcLedger(archive);
    run(world);
    const [part] = icrc3Blocks(world).archived_blocks;
    const id = part?.callback[0];
    if (id === undefined) throw new Error('no archive');
    const append = (): unknown => followed(world, [id, 'append_blocks'], [Uint8Array.of(1)]);
    expect(append).toThrow(/only .* can append/);
  });

  it('are several when one is full', () => {
    const world = standInIcrcLedger({ ...archive, archiveBytesMax: 1_000 });
    run(world);
    const archives = ranges(world) as [bigint, bigint][];
    expect(archives.length).toBeGreaterThan(1);
    expect(archives[0]?.[0]).toBe(0n);
    expect(archives.at(-1)?.[1]).toBe(15n);
    archives.slice(1).forEach(([start], index) => {
      expect(start).toBe((archives[index]?.[1] ?? 0n) + 1n);
    });
    expect(wholeLog(world)).toHaveLength(22);
  });
});

describe('blocks of the cycles ledger', () => {
  it('are those DFINITY ledger writes for the same calls, hash for hash', async () => {
    const real = realCyclesLedger(await thirdPartyWasm('cycles-ledger'));
    const standIn = standInCyclesLedger();
    for (const world of [real, standIn]) {
      deposit(world, { cycles: 100n * CYCLES_FEE, memo: Uint8Array.of(7) });
      transferHistory(world, CYCLES_FEE);
    }
    const answer = icrc3Blocks(standIn);
    expect(answer.log_length).toBe(11n);
    expect(answer).toEqual(icrc3Blocks(real));
    expectChain(answer.blocks.map(({ block }) => block));
    const tip = {
      last_block_hash: toHex(hashValue(lastOf(answer.blocks).block)),
      last_block_index: '0a',
    };
    expect(certifiedTip(standIn)).toEqual(tip);
    expect(certifiedTip(real)).toEqual(tip);
  });
});
