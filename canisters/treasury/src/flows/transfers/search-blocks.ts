import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { SearchResult } from '../../core/transfers/after-search.ts';
import { compareBlock, type LedgerBlock } from '../../core/transfers/ledger-block.ts';
import type { FrozenArgs, Transfer } from '../../core/transfers/transfer.ts';
import { fetchBlocks, type BlockPage } from '../ledger/fetch-blocks.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** As many as the reference ledger gives at once. */
const PAGE_BLOCKS = 100n;
/** What is left is searched at the next tick: one search does not hold a place for ever. */
const MAX_PAGES = 200;
/** Below that many blocks it is not worth looking for where the time of the transfer begins. */
const SEEK_ABOVE_BLOCKS = 2_000n;
/** The ledger's clock may be behind ours by this much; the standard permits a minute. */
const SEEK_MARGIN_NS = 60n * 60n * 1_000_000_000n;

/**
 * Searches a ledger's blocks for one generation, from where an earlier search ended to the tip. Each
 * page is a call of its own and is handled in a message of its own.
 */
export async function searchBlocks(
  canister: TransferCanister,
  transfer: Transfer,
  args: FrozenArgs,
): Promise<SearchResult> {
  const begin = await firstBlock(canister, transfer, args);
  if (begin.kind === 'err') return { kind: 'unfinished', problem: begin.error };
  let next = begin.value;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await fetchPage(canister, transfer, { start: next, length: PAGE_BLOCKS });
    if (page.kind === 'err') return { kind: 'unfinished', problem: page.error };
    const hit = compareBlocks(transfer, args, page.value.blocks);
    if (hit !== undefined) return hit;
    next += BigInt(page.value.blocks.length);
    canister.memory.scans.searched(transfer.id, args, next);
    const { logLength } = page.value;
    if (next >= logLength) return { kind: 'absent', scanFrom: next };
  }
  return { kind: 'unfinished', problem: `searched up to block ${next.toString()} so far` };
}

/** A page that has at least one block, or ends at the tip. */
async function fetchPage(
  { runtime }: TransferCanister,
  { ledger }: Transfer,
  range: { readonly start: bigint; readonly length: bigint },
): Promise<Result<BlockPage, string>> {
  const { start } = range;
  const page = await fetchBlocks(runtime, ledger, range);
  if (page.kind === 'err') return page;
  const { logLength, blocks } = page.value;
  if (start > logLength)
    return err(`the ledger has ${logLength.toString()} blocks, fewer than before`);
  if (blocks.length === 0 && start < logLength) {
    return err(`the ledger does not give block ${start.toString()}`);
  }
  return page;
}

function compareBlocks(
  transfer: Transfer,
  args: FrozenArgs,
  blocks: readonly LedgerBlock[],
): SearchResult | undefined {
  for (const block of blocks) {
    const verdict = compareBlock(transfer, args, block);
    if (verdict === 'match') return { kind: 'found', block: block.index };
    if (verdict === 'conflict') {
      const problem = `block ${block.index.toString()} has its memo and another amount or receiver`;
      return { kind: 'contradiction', problem };
    }
  }
  return undefined;
}

/**
 * Where to begin: where the last search ended, or the transfer's `scanFrom`, or, if that is far back,
 * the first block that is not older than the transfer by bisection over the blocks' times.
 */
async function firstBlock(
  canister: TransferCanister,
  transfer: Transfer,
  args: FrozenArgs,
): Promise<Result<bigint, string>> {
  const known = canister.memory.scans.nextOf(transfer.id, args);
  if (known !== undefined) return ok(known);
  const first = await fetchPage(canister, transfer, { start: transfer.scanFrom, length: 1n });
  if (first.kind === 'err') return first;
  let from = transfer.scanFrom;
  let to = first.value.logLength;
  if (to - from <= SEEK_ABOVE_BLOCKS) return ok(from);
  const since = args.createdAt - SEEK_MARGIN_NS;
  while (to - from > PAGE_BLOCKS) {
    const middle = (from + to) / 2n;
    const page = await fetchPage(canister, transfer, { start: middle, length: 1n });
    if (page.kind === 'err') return page;
    const at = page.value.blocks[0]?.timestampNs;
    if (at === undefined) return ok(transfer.scanFrom);
    if (at < since) from = middle;
    else to = middle;
  }
  return ok(from);
}
