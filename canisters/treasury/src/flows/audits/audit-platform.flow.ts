import type { Principal } from '@dfinity/principal';
import { elapsed } from '@decent-cloud/domain/time.ts';
import { platformAccount } from '../../core/accounts.ts';
import { AUDIT_EVERY_NS } from '../../core/escrow/limits.ts';
import type { TokenBook } from '../../core/tokens/token-book.ts';
import { charPerByte } from '@decent-cloud/kit/text-host.ts';
import { readBalance } from '../ledger/ledger-reads.ts';
import { recordEvent } from '../record-event.flow.ts';
import type { TreasuryCanister } from '../treasury-canister.ts';

/**
 * Compares the platform's account on a ledger with what was collected. Says nothing unless it is at
 * rest before and after: no payout to it and no withdrawal from it under way, and none in between.
 */
export async function auditPlatform(canister: TreasuryCanister, ledger: Principal): Promise<void> {
  const { audits, runtime, storage } = canister;
  const key = platformKey(ledger);
  const before = storage.books.get(ledger);
  if (audits.has(key) || before === undefined || !isPlatformDue(canister, before)) return;
  await audits.during({ key, ledger }, async () => {
    const account = platformAccount(runtime.self());
    const balance = await readBalance(runtime, { ledger, account });
    const after = storage.books.get(ledger);
    if (balance.kind === 'err' || after === undefined || !isPlatformAtRest(after)) return;
    if (after.collected !== before.collected) return;
    const surplus = balance.value - after.collected;
    const event = { kind: 'platform-audited', ledger, surplus } as const;
    recordEvent(storage, { at: runtime.time(), event });
  });
}

/** The name of the audit of the platform's account among the open reads. */
export function platformKey(ledger: Principal): string {
  return `platform ${charPerByte(ledger.toUint8Array())}`;
}

/** Once a day, when it is at rest. */
export function isPlatformDue({ runtime }: TreasuryCanister, book: TokenBook): boolean {
  const { platformAuditedAt: last } = book;
  const isTime = last === undefined || elapsed(last, runtime.time()) >= AUDIT_EVERY_NS;
  return isTime && isPlatformAtRest(book);
}

function isPlatformAtRest({ liveWithdrawal, livePlatformPayouts }: TokenBook): boolean {
  return liveWithdrawal === undefined && livePlatformPayouts === 0;
}
