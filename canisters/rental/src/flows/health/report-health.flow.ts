import type { Principal } from '@dfinity/principal';
import type { AccountId, RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import {
  isReportSound,
  REPORT_CODES,
  takeReport,
  type HourReport,
  type ReportCode,
} from '../../core/health/report.ts';
import {
  addCounts,
  NO_SLOTS,
  slotStart,
  SLOTS_PER_HOUR,
  type SlotCounts,
} from '../../core/health/slots.ts';
import { actingAgent, agentMay, isPlatformAgent } from '../accounts/callers.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import type { NoteSlots } from './apply-advance.ts';
import { broughtUpToDate } from './bring-up-to-date.ts';
import { noteSlots } from './provider-trust.ts';

const MAX_ROWS = 2_000;
/** Clocks differ. */
export const CLOCK_TOLERANCE_NS = durationNs({ minutes: 1 });

/** What the calling agent measured in one hour of one rental. */
export interface HealthRow extends HourReport {
  readonly rentalId: RentalId;
}

/**
 * Takes in what an agent measured, one answer for each row: see `REPORT_CODES`. Rows are taken or not
 * each for itself, and the whole report may be sent again.
 */
export function reportHealth(
  c: RentalCanister,
  rows: readonly HealthRow[],
): Result<Uint8Array, RentalError> {
  if (rows.length > MAX_ROWS) {
    const rule = `at most ${MAX_ROWS} at once; nothing was taken in. Send them in parts`;
    return invalidArgument({ argument: 'rows', rule });
  }
  const agent = actingAgent(c);
  if (agent.kind === 'err') return agent;
  const batch = new ReportBatch(c, agent.value);
  const codes = Uint8Array.from(rows, (row) => REPORT_CODES[batch.take(row)]);
  batch.finish();
  return ok(codes);
}

/** What is the same for all rows is asked once, what adds up is written once. */
class ReportBatch {
  readonly #c: RentalCanister;
  readonly #agent: Principal;
  readonly #reporter: { readonly name: string; readonly isPlatform: boolean };
  readonly #mayReport = new Map<AccountId, boolean>();
  readonly #counts = new Map<AccountId, SlotCounts>();

  constructor(c: RentalCanister, agent: Principal) {
    this.#c = c;
    this.#agent = agent;
    this.#reporter = { name: agent.toHex(), isPlatform: isPlatformAgent(c, agent) };
  }

  take(row: HealthRow): ReportCode {
    if (!isReportSound(row)) return 'malformed';
    const c = this.#c;
    const { rentalId } = row;
    const { watches } = c.storage.health;
    const stored = watches.get(rentalId);
    if (stored === undefined) return 'not-found';
    if (!this.#isAllowed(stored.provider)) return 'not-allowed';
    const end = slotStart(row.hour * SLOTS_PER_HOUR + row.upto);
    if (end > after(c.runtime.time(), CLOCK_TOLERANCE_NS)) return 'early';
    const watch = broughtUpToDate(c, { rentalId, watch: stored, tellSlots: this.#tellSlots });
    const taken = takeReport(watch, this.#reporter, row);
    if (taken.watch !== stored) watches.set(rentalId, taken.watch);
    return taken.code;
  }

  finish(): void {
    for (const [provider, counts] of this.#counts) noteSlots(this.#c, provider, counts);
  }

  readonly #tellSlots: NoteSlots = (provider, counts) => {
    this.#counts.set(provider, addCounts(this.#counts.get(provider) ?? NO_SLOTS, counts));
  };

  #isAllowed(provider: AccountId): boolean {
    const known = this.#mayReport.get(provider);
    if (known !== undefined) return known;
    const isAllowed = agentMay(this.#c, { agent: this.#agent, provider, scope: 'health' });
    this.#mayReport.set(provider, isAllowed);
    return isAllowed;
  }
}
