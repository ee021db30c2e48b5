import type { Principal } from '@dfinity/principal';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { callTyped } from '@decent-cloud/kit/runtime/typed-call.ts';
import { describeOutcome } from '../../core/transfers/attempt.ts';
import type { LedgerBlock } from '../../core/transfers/ledger-block.ts';
import { BlockRangesType, BlocksResultType } from './ledger-types.ts';
import type { WireBlocks, WireRange } from './ledger-types.ts';
import { readBlock } from './read-block.ts';

const METHOD = 'icrc3_get_blocks';
/** An honest ledger names one archive for a page, or two where it changes over. */
const MAX_ARCHIVES_PER_PAGE = 4;

/** Blocks in a row from where they were asked for. */
export interface BlockPage {
  readonly logLength: bigint;
  /** Without a hole; empty if the ledger did not give even the first. */
  readonly blocks: readonly LedgerBlock[];
}

/**
 * Reads blocks `[start, start + length)`, the archived ones from the archives that the ledger names;
 * perhaps fewer than asked for. Each answer is handled in a message of its own.
 *
 * Trust: a ledger is the authority on its own token, and it says where its blocks are. But it cannot
 * make this canister call anything else: only `icrc3_get_blocks`, never ourselves, a management
 * canister or a person, only with ranges inside what was asked for, and no further than one step.
 */
export async function fetchBlocks(
  runtime: Runtime,
  ledger: Principal,
  range: WireRange,
): Promise<Result<BlockPage, string>> {
  const answer = await getBlocks(runtime, ledger, [range]);
  if (answer.kind === 'err') return answer;
  const { log_length: logLength, blocks, archived_blocks: archives } = answer.value;
  const found = new Map<bigint, LedgerBlock>();
  keep(found, blocks, range);
  for (const { callback, args } of archives.slice(0, MAX_ARCHIVES_PER_PAGE)) {
    const [archive, method] = callback;
    if (method !== METHOD || !isForeignCanister(runtime, archive)) {
      return err('the ledger names an archive that is not one');
    }
    const asked = args.filter((part) => isWithin(part, range));
    if (asked.length === 0) continue;
    const archived = await getBlocks(runtime, archive, asked);
    if (archived.kind === 'err') return err(`archive: ${archived.error}`);
    keep(found, archived.value.blocks, range);
  }
  return ok({ logLength, blocks: inARow(found, range) });
}

async function getBlocks(
  runtime: Runtime,
  canisterId: Principal,
  ranges: readonly WireRange[],
): Promise<Result<WireBlocks, string>> {
  const reply = await callTyped(runtime, {
    ...{ canisterId, method: METHOD, args: [ranges] },
    argTypes: [BlockRangesType],
    replyTypes: [BlocksResultType],
  });
  if (reply.kind === 'err') return err(describeOutcome(reply.error));
  return ok(reply.value[0] as WireBlocks);
}

const OPAQUE_ID_CLASS = 1;

/** Canister ids are opaque ids: their last byte says so. */
function isForeignCanister(runtime: Runtime, id: Principal): boolean {
  const bytes = id.toUint8Array();
  return bytes.at(-1) === OPAQUE_ID_CLASS && id.compareTo(runtime.self()) !== 'eq';
}

function isWithin(part: WireRange, whole: WireRange): boolean {
  return part.start >= whole.start && part.start + part.length <= whole.start + whole.length;
}

function keep(
  found: Map<bigint, LedgerBlock>,
  blocks: WireBlocks['blocks'],
  { start, length }: WireRange,
): void {
  for (const { id, block } of blocks) {
    if (id >= start && id < start + length) found.set(id, readBlock(id, block));
  }
}

function inARow(found: ReadonlyMap<bigint, LedgerBlock>, { start }: WireRange): LedgerBlock[] {
  const row: LedgerBlock[] = [];
  for (let index = start; ; index += 1n) {
    const block = found.get(index);
    if (block === undefined) return row;
    row.push(block);
  }
}
