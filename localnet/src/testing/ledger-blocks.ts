import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { ErrorCode } from '../core/types.ts';
import type { Account } from '../system/ledger/core/account.ts';
import { ICRC_BLOCK_FORMAT } from '../system/ledger/core/icrc-block.ts';
import { decodeValue, encodeValue } from '../system/ledger/core/icrc3-codec.ts';
import type { Icrc3Value } from '../system/ledger/core/icrc3-value.ts';
import type { Block } from '../system/ledger/core/transaction.ts';
import type { FaultyLedger } from '../system/ledger/faults/faulty-ledger.ts';
import { ICRC_ARCHIVE_SERVICE, ICRC_LEDGER_SERVICE } from '../system/ledger/icrc/icrc-idl.ts';
import type { WireRange } from '../system/ledger/wire/icrc3-types.ts';
import { encodeArgs } from './sync-actor.ts';
import type { World } from './world.ts';

const ANYBODY = Principal.anonymous();

/** A block with its place in the chain. */
export interface LedgerBlock extends Block<Account> {
  readonly index: bigint;
}

/** The value type of `get_blocks`, which is older than ICRC-3. */
type GenericValue =
  | { readonly Nat64: bigint }
  | { readonly Nat: bigint }
  | { readonly Int: bigint }
  | { readonly Text: string }
  | { readonly Blob: Uint8Array }
  | { readonly Array: readonly GenericValue[] }
  | { readonly Map: readonly (readonly [string, GenericValue])[] };

interface WireBlocks {
  readonly log_length: bigint;
  readonly blocks: readonly { readonly id: bigint; readonly block: Icrc3Value }[];
  readonly archived_blocks: readonly {
    readonly args: readonly WireRange[];
    readonly callback: readonly [Principal, string];
  }[];
}

interface WireOlderBlocks {
  readonly first_index: bigint;
  readonly chain_length: bigint;
  readonly blocks: readonly GenericValue[];
  readonly archived_blocks: readonly (WireRange & {
    readonly callback: readonly [Principal, string];
  })[];
}

interface WireOlderArchive {
  readonly blocks: readonly GenericValue[];
}

interface Page {
  readonly length: bigint;
  readonly blocks: readonly LedgerBlock[];
}

const PAGE = 100n;
const NO_SUCH_METHOD = ErrorCode.CanisterMethodNotFound;
const LEDGER: IDL.ServiceClass = ICRC_LEDGER_SERVICE;
const ARCHIVE: IDL.ServiceClass = ICRC_ARCHIVE_SERVICE;

/** Every block of a ledger that shows them, archives included, in order of index. */
export function readBlocks(world: World, ledgerId: Principal): readonly LedgerBlock[] {
  const readPage = hasIcrc3(world, ledgerId) ? icrc3Page : olderPage;
  const found: LedgerBlock[] = [];
  for (;;) {
    const page = readPage(world, ledgerId, { start: BigInt(found.length), length: PAGE });
    found.push(...[...page.blocks].sort((one, other) => Number(one.index - other.index)));
    if (BigInt(found.length) >= page.length) return found;
    if (page.blocks.length === 0) throw new Error(`block ${found.length} is nowhere`);
  }
}

/** The same of a ledger in this process that shows its blocks to nobody. */
export function readHiddenBlocks(world: World, ledger: FaultyLedger): readonly LedgerBlock[] {
  const log = ledger.log();
  const firstLocal = log.length - log.localLength;
  const local = log
    .slice({ start: firstLocal, end: log.length })
    .map((bytes, offset) => openBlock(BigInt(firstLocal + offset), decodeValue(bytes)));
  const archived = log.archives.flatMap(({ canisterId, start, end }) =>
    readArchive(world, Principal.fromText(canisterId), { start: BigInt(start), end: BigInt(end) }),
  );
  return [...archived, ...local];
}

function readArchive(
  world: World,
  archiveId: Principal,
  range: { readonly start: bigint; readonly end: bigint },
): readonly LedgerBlock[] {
  const found: LedgerBlock[] = [];
  for (let start = range.start; start < range.end; start += PAGE) {
    const length = range.end - start < PAGE ? range.end - start : PAGE;
    found.push(...icrc3Page(world, archiveId, { start, length }).blocks);
  }
  return found;
}

function hasIcrc3(world: World, ledgerId: Principal): boolean {
  const call = { canisterId: ledgerId, method: 'icrc3_get_blocks', sender: ANYBODY };
  const response = world.replica.query({ ...call, arg: encodeArgs([IDL.Vec(IDL.Null)], [[]]) });
  return response.kind === 'reply' || response.errorCode !== NO_SUCH_METHOD;
}

function icrc3Page(world: World, canisterId: Principal, range: WireRange): Page {
  const page = ask(world, LEDGER, { canisterId, method: 'icrc3_get_blocks', arg: [range] });
  const { log_length: length, blocks, archived_blocks: archives } = page as WireBlocks;
  const archived = archives.flatMap(({ args, callback: [archiveId] }) =>
    args.flatMap((part) => icrc3Page(world, archiveId, part).blocks),
  );
  return { length, blocks: [...archived, ...blocks.map(({ id, block }) => openBlock(id, block))] };
}

/** As ledgers offered blocks before ICRC-3. */
function olderPage(world: World, canisterId: Principal, range: WireRange): Page {
  const method = 'get_blocks';
  const page = ask(world, LEDGER, { canisterId, method, arg: range }) as WireOlderBlocks;
  const archived = page.archived_blocks.flatMap(({ start, length, callback: [archiveId] }) => {
    const arg = { start, length };
    const answer = ask(world, ARCHIVE, { canisterId: archiveId, method, arg }) as WireOlderArchive;
    return openOlder(start, answer.blocks);
  });
  const local = openOlder(page.first_index, page.blocks);
  return { length: page.chain_length, blocks: [...archived, ...local] };
}

function ask(
  world: World,
  service: IDL.ServiceClass,
  call: { readonly canisterId: Principal; readonly method: string; readonly arg: unknown },
): unknown {
  const { canisterId, method, arg } = call;
  const func = service._fields.find(([name]) => name === method)?.[1];
  if (func === undefined) throw new Error(`BUG: no method ${method}`);
  const { argTypes, retTypes: replyTypes } = func;
  return world.caller(ANYBODY).query({ canisterId, method, argTypes, args: [arg], replyTypes });
}

function openOlder(start: bigint, blocks: readonly GenericValue[]): readonly LedgerBlock[] {
  return blocks.map((block, offset) => openBlock(start + BigInt(offset), icrc3Value(block)));
}

function openBlock(index: bigint, block: Icrc3Value): LedgerBlock {
  return { index, ...ICRC_BLOCK_FORMAT.open(encodeValue(block)) };
}

function icrc3Value(value: GenericValue): Icrc3Value {
  if ('Nat64' in value) return { Nat: value.Nat64 };
  if ('Array' in value) return { Array: value.Array.map(icrc3Value) };
  if ('Map' in value) return { Map: value.Map.map(([key, item]) => [key, icrc3Value(item)]) };
  return value;
}
