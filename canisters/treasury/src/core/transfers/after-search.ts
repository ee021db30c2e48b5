import { unreachable } from '@decent-cloud/domain/assert.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferEvent } from '../events.ts';
import { backOff } from './back-off.ts';
import { generationOver, type Terms } from './transfer-events.ts';
import type { FrozenArgs, Transfer } from './transfer.ts';
import { windowOverAt } from './window.ts';

/** What the ledger's blocks or balances say about a generation. */
export type SearchResult =
  | { readonly kind: 'found'; readonly block: bigint }
  /** The balance is lower by exactly what this would have taken. */
  | { readonly kind: 'executed-by-balance' }
  /** In no block before `tip`, or the balance is as if it never happened. */
  | { readonly kind: 'absent'; readonly scanFrom: bigint }
  /** The ledger did not answer all of it; nothing is known. */
  | { readonly kind: 'unfinished'; readonly problem: string }
  /** The ledger contradicts the books. */
  | { readonly kind: 'contradiction'; readonly problem: string };

export interface SearchSituation {
  readonly args: FrozenArgs;
  /** When the search began: what the ledger executed later it could not see. */
  readonly begunAt: TimestampNs;
  readonly now: TimestampNs;
  /** Searches of this generation that ended without a result before. */
  readonly searches: number;
  readonly terms: () => Terms | undefined;
  readonly usdE8: UsdE8 | undefined;
}

/**
 * What a search means. A hit ends the transfer at any time. That there is none counts only if the
 * search began when no ledger executes these bytes any more; before that it waits for this moment.
 */
export function afterSearch(
  transfer: Transfer,
  result: SearchResult,
  situation: SearchSituation,
): TransferEvent {
  const { args, begunAt, now, usdE8 } = situation;
  const transferId = transfer.id;
  switch (result.kind) {
    case 'found':
      return { kind: 'transfer-paid', transferId, block: result.block, how: 'found', usdE8 };
    case 'executed-by-balance':
      return { kind: 'transfer-paid', transferId, block: undefined, how: 'balance', usdE8 };
    case 'contradiction':
      return { kind: 'transfer-parked', transferId, reason: result.problem };
    case 'unfinished': {
      const notBefore = backOff(now, situation.searches + 1);
      return { kind: 'transfer-reconciling', transferId, problem: result.problem, notBefore };
    }
    case 'absent': {
      const overAt = windowOverAt(args.createdAt);
      const problem = 'the ledger does not have it';
      if (begunAt < overAt) {
        return { kind: 'transfer-reconciling', transferId, problem, notBefore: overAt };
      }
      const { scanFrom } = result;
      return generationOver(transfer, { now, problem, terms: situation.terms(), scanFrom });
    }
    default:
      return unreachable(result);
  }
}
