import type { Principal } from '@dfinity/principal';
import type { TreasuryCanister } from '../treasury-canister.ts';
import { auditEscrow, auditKey } from './audit-escrow.flow.ts';
import { auditPlatform, isPlatformDue, platformKey } from './audit-platform.flow.ts';
import type { ReadLimits } from './open-reads.ts';

/** With a tick each 10 s one ledger is asked 130 000 times a day, and a stalled one leaves room. */
export const AUDIT_LIMITS: ReadLimits = { inAll: 20, perLedger: 15 };
/** How many due audits a tick looks at: those of a ledger that stalls must not hide the others. */
const MAX_LOOKED_AT = 200;
const MAX_TOKENS = 50;
const MAX_INSTRUCTIONS = 1_000_000_000n;

/** Starts the audits that are due, each in a message of its own. */
export function tickAudits(canister: TreasuryCanister): void {
  const started: Principal[] = [];
  const start = (ledger: Principal, run: () => Promise<void>) => {
    started.push(ledger);
    canister.timers.once({ afterSeconds: 0, run });
  };
  startPlatforms(canister, started, start);
  startEscrows(canister, started, start);
}

type Start = (ledger: Principal, run: () => Promise<void>) => void;

function startPlatforms(
  canister: TreasuryCanister,
  started: readonly Principal[],
  start: Start,
): void {
  const { audits, storage } = canister;
  for (const { value } of storage.tokens.page({ order: 'oldest-first', limit: MAX_TOKENS }).rows) {
    const { ledger } = value;
    const book = storage.books.get(ledger);
    if (book === undefined || !isPlatformDue(canister, book)) continue;
    if (audits.has(platformKey(ledger)) || !audits.hasRoom(ledger, started)) continue;
    start(ledger, () => auditPlatform(canister, ledger));
  }
}

function startEscrows(
  canister: TreasuryCanister,
  started: readonly Principal[],
  start: Start,
): void {
  const { audits, runtime, storage } = canister;
  for (const { id } of storage.auditsDue.due(runtime.time(), MAX_LOOKED_AT)) {
    const isFull = audits.size + started.length >= AUDIT_LIMITS.inAll;
    if (isFull || runtime.instructions() > MAX_INSTRUCTIONS) return;
    const ledger = storage.quotes.get(id)?.terms.ledger;
    if (ledger === undefined || audits.has(auditKey(id))) continue;
    if (audits.hasRoom(ledger, started)) start(ledger, () => auditEscrow(canister, id));
  }
}
