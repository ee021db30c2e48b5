import { present } from '@decent-cloud/domain/assert.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimerTask } from '@decent-cloud/kit/timers/timer-registry.ts';
import type { EscrowId } from '../../core/ids.ts';
import type { Fact } from '../../core/rentals/rental-event.ts';
import {
  afterVerdicts,
  withFact,
  type FactLine,
  type FactVerdict,
} from '../../core/treasury/fact-line.ts';
import type { RentalCanister } from '../rental-canister.ts';
import type { RentalError } from '../rental-errors.ts';
import { MAX_FACTS, reportFacts } from './treasury-client.ts';
import { verdictOf } from './fact-verdict.ts';
import type { NumberedFact } from './treasury-wire.ts';

const EVERY_SECONDS = 10;

export interface QueuedFact {
  readonly rentalId: RentalId;
  readonly escrowId: EscrowId;
  /** Facts of an escrow are numbered from 1 without holes. */
  readonly seq: number;
  readonly fact: Fact;
}

/**
 * Puts a fact into the outbox, from where it goes to the treasury within ten seconds, in order and
 * until it is acknowledged. Doing it again changes nothing.
 */
export function queueFact(c: RentalCanister, queued: QueuedFact): void {
  const line = c.storage.rentals.facts.lines.get(queued.escrowId);
  keepLine(c, { before: line, line: withFact(line, { ...queued, at: c.runtime.time() }) });
}

/** What the canister does by itself about facts. */
export function factTasks(c: RentalCanister): readonly TimerTask[] {
  return [{ name: 'report-facts', everySeconds: EVERY_SECONDS, run: () => tickFacts(c) }];
}

/** Reports what is due, in one call; a second one at the same time does nothing. */
export async function tickFacts(c: RentalCanister): Promise<void> {
  await c.guards.withGuard('facts', () => reportDue(c));
}

interface Sent {
  readonly escrowId: EscrowId;
  readonly facts: readonly NumberedFact[];
}

async function reportDue(c: RentalCanister): Promise<Result<null, RentalError>> {
  const sent = dueFacts(c);
  const facts = sent.flatMap((one) => one.facts);
  if (facts.length === 0) return ok(null);
  const answers = await reportFacts(c, facts);
  const verdicts: readonly FactVerdict[] =
    answers.kind === 'ok'
      ? answers.value.map((answer, index) =>
          verdictOf(answer, present(facts[index], 'an answer is about a fact')),
        )
      : facts.map(() => ({ kind: 'later' }));
  let from = 0;
  for (const { escrowId, facts: own } of sent) {
    takeIn(c, escrowId, verdicts.slice(from, from + own.length));
    from += own.length;
  }
  return answers.kind === 'ok' ? ok(null) : answers;
}

/** The first facts of the lines that are due, at most as many as go into one call. */
function dueFacts({ runtime, storage }: RentalCanister): readonly Sent[] {
  const { lines, due } = storage.rentals.facts;
  const sent: Sent[] = [];
  let room = MAX_FACTS;
  for (const { id: escrowId } of due.due(runtime.time(), MAX_FACTS)) {
    if (room === 0) break;
    const line = present(lines.get(escrowId), 'a due line of facts is missing');
    const first = line.facts.slice(0, room);
    const facts = first.map(({ fact }, index) => ({ escrowId, seq: line.nextSeq + index, fact }));
    sent.push({ escrowId, facts });
    room -= facts.length;
  }
  return sent;
}

function takeIn(c: RentalCanister, escrowId: EscrowId, verdicts: readonly FactVerdict[]): void {
  const { lines, refused } = c.storage.rentals.facts;
  // Facts may have been added while we waited; nobody else takes any out.
  const before = present(lines.get(escrowId), 'a line of facts went while it was sent');
  const step = afterVerdicts(before, verdicts, c.runtime.time());
  if (step.refused !== undefined) refused.append(null, step.refused);
  keepLine(c, { before, line: step.line });
}

function keepLine(
  { storage }: RentalCanister,
  change: { readonly before: FactLine | undefined; readonly line: FactLine | undefined },
): void {
  const { lines, due } = storage.rentals.facts;
  const { before, line } = change;
  if (before !== undefined && before.dueAt !== line?.dueAt)
    due.cancel(before.escrowId, before.dueAt);
  if (line !== undefined) {
    lines.set(line.escrowId, line);
    if (before?.dueAt !== line.dueAt) due.schedule(line.escrowId, line.dueAt);
  } else if (before !== undefined) {
    lines.remove(before.escrowId);
  }
}
