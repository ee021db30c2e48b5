import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { applyEvent } from '../core/apply.ts';
import type { TreasuryEvent } from '../core/events.ts';
import type { TreasuryStorage } from '../storage/treasury-storage.ts';

/** Puts an event in the journal and applies it, in one message. Gives its number. */
export function recordEvent(
  storage: TreasuryStorage,
  entry: { readonly at: TimestampNs; readonly event: TreasuryEvent },
): number {
  const seq = storage.journal.append(entry);
  applyEvent(storage, { seq, ...entry });
  return seq;
}
