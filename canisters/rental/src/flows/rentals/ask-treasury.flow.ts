import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { EscrowId } from '../../core/ids.ts';
import { newsOfBrief } from '../../core/rentals/brief-news.ts';
import { openEscrows, periodOf } from '../../core/rentals/periods.ts';
import type { EscrowBrief } from '../../core/treasury/escrow-brief.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { askBriefs, MAX_BRIEFS } from '../treasury/treasury-client.ts';
import { applyRentalEvent } from './apply-event.ts';
import { lookBy } from './look-by.ts';

/** The treasury has done what was due by then. */
const AFTER_DUE_NS = durationNs({ seconds: 30 });

interface Question {
  readonly rentalId: RentalId;
  readonly escrowId: EscrowId;
}

/**
 * Asks the treasury about the money of rentals that wait for it, many in one call and one call at a
 * time. What it says is taken in in a message for each rental. Without an answer they are asked about
 * again when they are next due.
 */
export async function askTreasury(c: RentalCanister): Promise<void> {
  await c.guards.withGuard('ask-treasury', () => askAboutSome(c));
}

async function askAboutSome(c: RentalCanister): Promise<Result<null, RentalError>> {
  const questions = takeQuestions(c);
  // An answer may be old when it comes: it is judged by what could be known when it was asked for.
  const askedAt = c.runtime.time();
  const briefs = await askBriefs(
    c,
    questions.map(({ escrowId }) => escrowId),
  );
  if (briefs.kind === 'err') return briefs;
  const ofRental = new Map<RentalId, Answer[]>();
  questions.forEach(({ rentalId, escrowId }, index) => {
    const answers = ofRental.get(rentalId) ?? [];
    answers.push({ escrowId, brief: briefs.value[index], askedAt });
    ofRental.set(rentalId, answers);
  });
  for (const [rentalId, answers] of ofRental) {
    const run = () => {
      takeAnswers(c, rentalId, answers);
    };
    c.timers.once({ afterSeconds: 0, run });
  }
  return ok(null);
}

/** As many rentals as fit into one call, each with all of its open periods. */
function takeQuestions(c: RentalCanister): readonly Question[] {
  const { toAsk, rentals } = c.storage.rentals;
  const questions: Question[] = [];
  for (const rentalId of [...toAsk].slice(0, MAX_BRIEFS)) {
    const periods = rentals.get(rentalId)?.periods ?? [];
    const open = openEscrows(periods);
    if (questions.length + open.length > MAX_BRIEFS) break;
    toAsk.delete(rentalId);
    questions.push(...open.map((escrowId) => ({ rentalId, escrowId })));
  }
  return questions;
}

export interface Answer {
  readonly escrowId: EscrowId;
  readonly brief: EscrowBrief | undefined;
  readonly askedAt: TimestampNs;
}

/** Tells a rental what the treasury said. It may have moved on meanwhile: then some is no news. */
function takeAnswers(c: RentalCanister, rentalId: RentalId, answers: readonly Answer[]): void {
  const { rentals, terms } = c.storage.rentals;
  for (const { escrowId, brief, askedAt: at } of answers) {
    const rental = rentals.get(rentalId);
    const period = rental === undefined ? undefined : periodOf(rental, escrowId);
    const provisionWithinNs = terms.get(rentalId)?.provisionWithinNs;
    if (period === undefined || provisionWithinNs === undefined) continue;
    for (const event of newsOfBrief({ period, brief, provisionWithinNs, at })) {
      applyRentalEvent(c, rentalId, event);
    }
    if (brief?.dueAt !== undefined) lookAfter(c, rentalId, brief);
  }
}

/** Money is mostly settled when the treasury looks at it next. */
function lookAfter(c: RentalCanister, rentalId: RentalId, { dueAt }: EscrowBrief): void {
  const state = c.storage.rentals.rentals.get(rentalId)?.state;
  if (state?.kind !== 'ending' || state.moneySettledAt !== undefined) return;
  const now = c.runtime.time();
  lookBy(c, rentalId, after(dueAt !== undefined && dueAt > now ? dueAt : now, AFTER_DUE_NS));
}
