import type { SearchResult } from './after-search.ts';
import type { FrozenArgs, Transfer } from './transfer.ts';

/** What an account of this canister holds, and should hold if the transfer did not happen. */
export interface SeenBalance {
  readonly balance: bigint;
  /** Confirmed in less confirmed out, and what audits found beside it. */
  readonly expected: bigint;
}

/** What the transfer changes about the balance of this canister's account. */
function balanceEffect(transfer: Transfer, args: FrozenArgs): bigint {
  return transfer.purpose.kind === 'deposit' ? args.amount : -(args.amount + args.fee);
}

/**
 * Reads the outcome off the balance, for ledgers whose blocks cannot be read. Only the two exact
 * amounts count; anything else (somebody sent tokens there) could hide either outcome.
 */
export function balanceVerdict(
  transfer: Transfer,
  args: FrozenArgs,
  seen: SeenBalance,
): SearchResult {
  const { balance, expected } = seen;
  const executed = expected + balanceEffect(transfer, args);
  if (balance === expected) return { kind: 'absent', scanFrom: transfer.scanFrom };
  if (balance === executed) return { kind: 'executed-by-balance' };
  const either = `${expected.toString()} or ${executed.toString()}`;
  const problem = `the account holds ${balance.toString()} where it should hold ${either}`;
  return { kind: 'contradiction', problem };
}

/**
 * What a balance proves about a claim that it was paid or not, where the exact amounts do not settle
 * it. Tokens can only be added by others, so a payout's account below what it should hold proves that
 * it was paid. At or above, sending it (again) takes nothing from anybody else: whoever made up for
 * what a first one took has paid for it. For a deposit an account without the amount proves that it
 * was not made; one with it holds the money, whoever sent it.
 */
export function balanceProves(
  transfer: Transfer,
  args: FrozenArgs,
  seen: SeenBalance & { readonly claim: 'paid' | 'not-paid' },
): boolean {
  const isDeposit = transfer.purpose.kind === 'deposit';
  const isEnough = seen.balance >= seen.expected + (isDeposit ? args.amount : 0n);
  const isPaid = isDeposit ? isEnough : !isEnough;
  return (seen.claim === 'paid') === isPaid;
}
