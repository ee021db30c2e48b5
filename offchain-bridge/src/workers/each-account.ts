import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { AccountBoard, BoardAccount } from './account-board.ts';
import { messageOf } from './periodic.ts';

export interface EachAccountDeps {
  readonly board: AccountBoard;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What one worker does for every account. */
export interface AccountWork {
  /** Under this name failures are counted. */
  readonly worker: string;
  /** What it means that it failed for one, for the log. */
  readonly failure: string;
  readonly work: (account: BoardAccount) => Promise<void>;
}

/**
 * Does the work for each account that the canister names now, one after another. What fails for one is
 * logged and counted and does not keep the others; an abort ends it without a word.
 *
 * Errors: rejects if the accounts cannot be read.
 */
export async function forEachAccount(
  deps: EachAccountDeps,
  work: AccountWork,
  signal: AbortSignal,
): Promise<void> {
  for (const account of await deps.board.refresh()) {
    if (signal.aborted) return;
    await workSafely(deps, { ...work, account }, signal);
  }
}

async function workSafely(
  { log, metrics }: EachAccountDeps,
  { worker, failure, work, account }: AccountWork & { readonly account: BoardAccount },
  signal: AbortSignal,
): Promise<void> {
  try {
    await work(account);
  } catch (error) {
    if (signal.aborted) return;
    metrics.count('worker_failures', { worker });
    log.warn({ account: account.id, error: messageOf(error) }, failure);
  }
}
