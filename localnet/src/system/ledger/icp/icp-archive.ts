import { defineNative, type TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext, NativeProgram } from '../../../core/native.ts';
import { candidText } from '../../candid-text.ts';
import { ArchiveState, type ArchiveConfig } from '../archive-state.ts';
import { readRange } from '../block-queries.ts';
import { ICP_BLOCK_FORMAT } from './icp-block.ts';
import { ICP_ARCHIVE_SERVICE, ICP_TYPE_NAMES } from './icp-idl.ts';
import { writeIcpBlock, type WireIcpRange } from './icp-wire.ts';

export const ICP_ARCHIVE_PROGRAM = 'icp-archive';

const CANDID = candidText(ICP_ARCHIVE_SERVICE, ICP_TYPE_NAMES);

/** The canister the ICP ledger spawns for its old blocks. */
export function createIcpArchive(config?: ArchiveConfig): NativeProgram {
  const archive = new ArchiveState(config);
  return defineNative({
    programId: ICP_ARCHIVE_PROGRAM,
    candid: CANDID,
    service: ICP_ARCHIVE_SERVICE,
    handlers: archiveHandlers(archive),
    save: () => archive.save(),
    load: (bytes) => archive.load(bytes),
  });
}

function archiveHandlers(archive: ArchiveState): Record<string, TypedHandler> {
  const answer = (
    wire: WireIcpRange,
    write: (blocks: readonly Uint8Array[]) => unknown,
  ): Record<string, unknown> => {
    const range = readRange(wire);
    return range.start < archive.firstBlock
      ? {
          Err: {
            BadFirstBlockIndex: {
              requested_index: BigInt(range.start),
              first_valid_index: BigInt(archive.firstBlock),
            },
          },
        }
      : { Ok: write(archive.slice(range)) };
  };
  return {
    append_blocks: (context: NativeContext, blocks: readonly Uint8Array[]) =>
      archive.append(context.caller, blocks),
    remaining_capacity: () => BigInt(archive.remainingBytes),
    get_blocks: (_context: NativeContext, range: WireIcpRange) =>
      answer(range, (blocks) => ({
        blocks: blocks.map((bytes) => writeIcpBlock(ICP_BLOCK_FORMAT.open(bytes))),
      })),
    get_encoded_blocks: (_context: NativeContext, range: WireIcpRange) =>
      answer(range, (blocks) => blocks),
  };
}
