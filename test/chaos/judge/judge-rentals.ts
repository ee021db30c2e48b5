import type { EscrowLife, Evidence, RentalLife } from './evidence.ts';

/** A recipe that fails only if it is run a second time on the same machine. */
const ONCE = 'runs-once';

export interface RentalsVerdict {
  /** Were ready at least once. */
  readonly active: number;
  /** Were paid and never ready: all of the money went back. */
  readonly refunded: number;
  /** Were paid, and neither was the machine theirs nor the money. */
  readonly lost: number;
  /** Ledgers on which something is missing. */
  readonly insolvent: number;
  readonly troubles: readonly string[];
}

/** Whoever paid got a machine or all of the money, and what has ended is over for good. */
export function judgeRentals(evidence: Evidence): RentalsVerdict {
  const { rentals, jobs, solvency } = evidence;
  const paid = rentals.filter(({ money }) => money.some(({ deposited }) => deposited > 0n));
  const troubles = new Map(paid.map((rental) => [rental, lossesOf(rental)]));
  const forgotten = forgottenOf(evidence, paid);
  const lost = paid.filter((rental) => (troubles.get(rental) ?? []).length > 0);
  const missing = solvency.filter(({ difference, shortfall }) => difference < 0n || shortfall > 0n);
  const openJobs = jobs.filter(({ endedAtNs }) => endedAtNs === undefined);
  return {
    active: paid.filter(({ wasReady }) => wasReady).length,
    refunded: paid.filter((one) => !one.wasReady && !lost.includes(one)).length,
    lost: lost.length + forgotten.length,
    insolvent: missing.length,
    troubles: [
      ...[...troubles.values()].flat(),
      ...forgotten,
      ...missing.map(({ symbol, difference }) => `${symbol}: ${difference.toString()} is missing`),
      ...rerunsOf(evidence),
      ...openJobs.map(({ jobId, kind }) => `job ${jobId}, ${kind}, never ended`),
    ],
  };
}

/** The renter was told that it is paid, and nobody knows of any money. */
function forgottenOf({ paid }: Evidence, known: readonly RentalLife[]): string[] {
  const ids = new Set(known.map(({ rentalId }) => rentalId));
  return paid
    .filter((rentalId) => !ids.has(rentalId))
    .map((rentalId) => `rental ${rentalId} was paid, and nobody knows of it any more`);
}

/** What a bridge said when the recipe failed that cannot fail the first time. */
function rerunsOf({ rentals, jobs }: Evidence): string[] {
  const once = new Set(
    rentals.filter(({ recipe }) => recipe === ONCE).map(({ rentalId }) => rentalId),
  );
  return jobs
    .filter(({ rentalId, problem }) => {
      return rentalId !== undefined && once.has(rentalId) && problem.includes('recipe failed');
    })
    .map(({ jobId, problem }) => `job ${jobId}: a recipe was run twice: ${problem}`);
}

function lossesOf(rental: RentalLife): string[] {
  const { rentalId, stage, wasReady, isMachineGone, money } = rental;
  // What is held back for disputes keeps a rental that was used open for days.
  const isOver = stage === 'closed' || (stage === 'ending' && isMachineGone && wasReady);
  if (!isOver) return [`rental ${rentalId} is paid and still ${stage}`];
  return money.flatMap((escrow) =>
    [...escrowTroubles(escrow), ...(wasReady ? [] : refundTroubles(escrow))].map(
      (trouble) => `rental ${rentalId} is over, but ${trouble}`,
    ),
  );
}

function escrowTroubles({ deposited, isDecided, refundOpen }: EscrowLife): string[] {
  if (deposited === 0n) return [];
  const troubles = [];
  if (!isDecided) troubles.push('its money is not decided');
  if (refundOpen > 0n) troubles.push(`${refundOpen.toString()} of its refund did not arrive`);
  return troubles;
}

function refundTroubles({ deposited, refunded }: EscrowLife): string[] {
  if (refunded === deposited) return [];
  return [`of ${deposited.toString()} only ${refunded.toString()} went back, without a machine`];
}
