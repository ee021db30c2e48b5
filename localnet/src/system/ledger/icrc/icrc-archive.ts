import { defineNative, type TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { some } from '../../../core/candid-opt.ts';
import { candidText } from '../../candid-text.ts';
import { ArchiveState, type ArchiveConfig } from '../archive-state.ts';
import { genericValue, ICRC3_BLOCKS_MAX, prefix, readRange } from '../block-queries.ts';
import { ICRC_BLOCK_FORMAT } from '../core/icrc-block.ts';
import { decodeValue } from '../core/icrc3-codec.ts';
import type { Icrc3Value } from '../core/icrc3-value.ts';
import { SUPPORTED_BLOCK_TYPES, type WireRange } from '../wire/icrc3-types.ts';
import { ICRC_ARCHIVE_SERVICE, LEDGER_TYPE_NAMES } from './icrc-idl.ts';
import { transactionRecord } from './transaction-record.ts';

export const ICRC_ARCHIVE_PROGRAM = 'icrc-archive';

const CANDID = candidText(ICRC_ARCHIVE_SERVICE, LEDGER_TYPE_NAMES);

/** The canister an ICRC-1 ledger spawns for its old blocks. */
export function createIcrcArchive(config?: ArchiveConfig): NativeProgram {
  const archive = new ArchiveState(config);
  return defineNative({
    programId: ICRC_ARCHIVE_PROGRAM,
    candid: CANDID,
    service: ICRC_ARCHIVE_SERVICE,
    handlers: archiveHandlers(archive),
    save: () => archive.save(),
    load: (bytes) => archive.load(bytes),
  });
}

function archiveHandlers(archive: ArchiveState): Record<string, TypedHandler> {
  const record = (bytes: Uint8Array): unknown => transactionRecord(ICRC_BLOCK_FORMAT.open(bytes));
  return {
    append_blocks: (context: NativeContext, blocks: readonly Uint8Array[]) =>
      archive.append(context.caller, blocks),
    remaining_capacity: () => BigInt(archive.remainingBytes),
    get_transaction: (_context: NativeContext, index: bigint) => {
      const bytes = archive.get(Number(index));
      return some(bytes === undefined ? undefined : record(bytes));
    },
    get_transactions: (_context: NativeContext, range: WireRange) => ({
      transactions: archive.slice(readRange(range)).map(record),
    }),
    get_blocks: (_context: NativeContext, range: WireRange) => ({
      blocks: archive.slice(readRange(range)).map((bytes) => genericValue(decodeValue(bytes))),
    }),
    icrc3_get_blocks: (_context: NativeContext, requests: readonly WireRange[]) => ({
      log_length: BigInt(archive.length),
      blocks: icrc3Blocks(archive, requests),
      archived_blocks: [],
    }),
    icrc3_get_archives: () => [],
    icrc3_get_tip_certificate: () => [],
    icrc3_supported_block_types: () => SUPPORTED_BLOCK_TYPES,
  };
}

function icrc3Blocks(
  archive: ArchiveState,
  requests: readonly WireRange[],
): { id: bigint; block: Icrc3Value }[] {
  const blocks: { id: bigint; block: Icrc3Value }[] = [];
  for (const request of requests) {
    const room = ICRC3_BLOCKS_MAX - blocks.length;
    if (room === 0) break;
    const range = prefix(readRange(request), room);
    const found = archive.slice(range).map((bytes, offset) => ({
      id: BigInt(range.start + offset),
      block: decodeValue(bytes),
    }));
    blocks.push(...found);
  }
  return blocks;
}
