import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { NativeCall, NativeCallOutcome, NativeContext } from '../../core/native.ts';
import type { LedgerState } from './core/ledger-state.ts';

/** When blocks move to an archive canister. Source: ICRC-1 ledger init argument `archive_options`. */
export interface ArchiveOptions {
  /** Archiving starts once the ledger holds this many blocks. */
  readonly triggerThreshold: number;
  /** How many of the oldest blocks then move. */
  readonly blocksToArchive: number;
  /** A new archive starts when the current one would hold more than this. */
  readonly archiveBytesMax: number;
  /** Longest list of blocks an archive returns. */
  readonly blocksPerResponseMax: number;
}

export const DEFAULT_ARCHIVE_OPTIONS: ArchiveOptions = {
  triggerThreshold: 2_000,
  blocksToArchive: 1_000,
  archiveBytesMax: 1024 * 1024 * 1024,
  blocksPerResponseMax: 2_000,
};

/** Blocks sent to an archive in one message. */
const CHUNK_BYTES_MAX = 1024 * 1024;

export interface Archiver {
  options(): ArchiveOptions;
  /** True while blocks are on their way: a second caller does not start again. */
  isBusy: boolean;
  /** Spawns an archive whose first block has the given index. */
  createArchive(context: NativeContext, firstBlock: number): Principal;
}

type Steps<T> = Generator<NativeCall, T, NativeCallOutcome>;

export function isArchivingDue<A>(state: LedgerState<A>, archiver: Archiver): boolean {
  return !archiver.isBusy && state.log.localLength >= archiver.options().triggerThreshold;
}

/** What moves in one go, and whether it begins a new archive canister. */
export interface ArchivePortion {
  readonly blockCount: number;
  readonly isNewArchive: boolean;
}

/**
 * Moves the oldest blocks to archives. Blocks stay in the ledger until the archive has answered,
 * so a failed call loses nothing; the next transaction tries again. Gives how many moved.
 */
export function* archiveBlocks<A>(
  context: NativeContext,
  state: LedgerState<A>,
  archiver: Archiver,
  portion: ArchivePortion = { blockCount: archiver.options().blocksToArchive, isNewArchive: false },
): Steps<number> {
  archiver.isBusy = true;
  let blocks = state.log.oldest(portion.blockCount);
  let movedCount = 0;
  for (;;) {
    const [first] = blocks;
    if (first === undefined) break;
    const isNew = portion.isNewArchive && movedCount === 0;
    const neededBytes = first.length;
    const archive = yield* archiveFor(context, { state, archiver, neededBytes, isNew });
    if (archive === undefined) break;
    const chunk = prefixWithin(blocks, Math.min(archive.freeBytes, CHUNK_BYTES_MAX));
    const { response } = yield {
      canisterId: archive.id,
      method: 'append_blocks',
      arg: IDL.encode([IDL.Vec(IDL.Vec(IDL.Nat8))], [chunk]),
    };
    if (response.kind === 'reject') {
      context.print(`archiving failed: ${response.message}`);
      break;
    }
    state.log.moveToArchive(chunk.length, archive.id.toText());
    blocks = blocks.slice(chunk.length);
    movedCount += chunk.length;
  }
  archiver.isBusy = false;
  return movedCount;
}

interface OpenArchive {
  readonly id: Principal;
  readonly freeBytes: number;
}

function* archiveFor<A>(
  context: NativeContext,
  need: {
    readonly state: LedgerState<A>;
    readonly archiver: Archiver;
    readonly neededBytes: number;
    /** Starts an archive even if the last one has room. */
    readonly isNew: boolean;
  },
): Steps<OpenArchive | undefined> {
  const last = need.state.log.archives.at(-1);
  if (last !== undefined && !need.isNew) {
    const id = Principal.fromText(last.canisterId);
    const freeBytes = yield* remainingCapacity(context, id);
    if (freeBytes === undefined) return undefined;
    if (freeBytes >= need.neededBytes) return { id, freeBytes };
  }
  const id = need.archiver.createArchive(context, last?.end ?? 0);
  return { id, freeBytes: need.archiver.options().archiveBytesMax };
}

function* remainingCapacity(context: NativeContext, id: Principal): Steps<number | undefined> {
  const { response } = yield {
    canisterId: id,
    method: 'remaining_capacity',
    arg: IDL.encode([], []),
  };
  if (response.kind === 'reject') {
    context.print(`archive ${id.toText()} does not answer: ${response.message}`);
    return undefined;
  }
  const [bytes] = IDL.decode([IDL.Nat64], new Uint8Array(response.data));
  return Number(bytes);
}

/** The longest prefix within the limit, but always one block, which its archive then judges. */
function prefixWithin(blocks: readonly Uint8Array[], bytesMax: number): readonly Uint8Array[] {
  let bytes = 0;
  const count = blocks.findIndex((block, index) => {
    bytes += block.length;
    return bytes > bytesMax && index > 0;
  });
  return count === -1 ? blocks : blocks.slice(0, count);
}
