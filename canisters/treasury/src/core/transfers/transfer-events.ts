import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferEvent } from '../events.ts';
import { backOff } from './back-off.ts';
import type { FrozenArgs, Transfer } from './transfer.ts';
import { windowOverAt } from './window.ts';

/** What a new generation sends, and who bears the ledger's fee. */
export interface Terms {
  readonly amount: TokenUnits;
  readonly fee: TokenUnits;
  readonly feeFromPayee: TokenUnits;
}

/** Generations that follow each other without a pause; a ledger that changes its mind often waits. */
const PROMPT_GENERATIONS = 2;

/** To be looked up: at once where blocks can be read, because a hit ends it at any time. */
export function reconciling(
  transfer: { readonly id: Transfer['id'] },
  situation: {
    readonly args: FrozenArgs;
    readonly now: TimestampNs;
    readonly problem: string;
    readonly hasIcrc3Blocks: boolean;
  },
): TransferEvent {
  const { args, now, problem, hasIcrc3Blocks } = situation;
  const notBefore = hasIcrc3Blocks ? now : windowOverAt(args.createdAt);
  return { kind: 'transfer-reconciling', transferId: transfer.id, problem, notBefore };
}

/**
 * For a generation that surely did not execute and never will. A payout gets a new one; a deposit ends
 * here, and so does a payout of which nothing would arrive.
 */
export function generationOver(
  transfer: Transfer,
  end: {
    readonly now: TimestampNs;
    readonly problem: string;
    readonly terms: Terms | undefined;
    /** First block that the next generation may get. */
    readonly scanFrom: bigint;
  },
): TransferEvent {
  const { now, problem, terms, scanFrom } = end;
  const { id: transferId, lastGeneration } = transfer;
  if (transfer.purpose.kind === 'deposit' || terms === undefined) {
    return { kind: 'transfer-failed', transferId, reason: problem };
  }
  const isPrompt = lastGeneration < PROMPT_GENERATIONS;
  const notBefore = isPrompt ? now : backOff(now, lastGeneration - PROMPT_GENERATIONS + 1);
  return { kind: 'transfer-replanned', transferId, ...terms, scanFrom, problem, notBefore };
}
