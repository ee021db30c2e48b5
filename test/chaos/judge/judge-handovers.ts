import type { Claim, Death, Evidence } from './evidence.ts';

export interface HandoversVerdict {
  /** Jobs that a bridge had in hand when it was killed. */
  readonly handovers: number;
  /** From the death of their holder, or the last that was heard of it, to the next claim, at most. */
  readonly handoverMaxMs: number;
  /**
   * How many times bridges with room asked, after the lease had ended, until one of them got the job: 1 is
   * the least. Unlike the time it does not depend on how busy the computer is.
   */
  readonly questionsMax: number;
  readonly troubles: readonly string[];
}

export interface HandoverLimits {
  /** 30 s unless told otherwise. */
  readonly handoverLimitMs?: number;
}

const NS_PER_MS = 1_000_000n;
const LIMIT_MS = 30_000;
/** A question returns ten jobs of dead workers at most, and places at an account may be taken. */
const QUESTIONS_LIMIT = 10;
/** The canister's. */
const LEASE_NS = 25_000_000_000n;

/**
 * A job of a bridge that was killed is in other hands before long. A request that a bridge sent before it
 * died may arrive much later and extends its lease then: the time counts from there. A job that was ended
 * meanwhile without another claim, as by a renter's cancel, counts until then.
 */
export function judgeHandovers(
  evidence: Evidence,
  { handoverLimitMs = LIMIT_MS }: HandoverLimits = {},
): HandoversVerdict {
  const claims = byJob(evidence.claims);
  const ended = new Set(evidence.leaseEnds.map(leaseKey));
  const handovers = evidence.deaths.flatMap((death) =>
    [...claims].flatMap(([jobId, ofJob]) => {
      const held = lastBefore(ofJob, death);
      if (held?.worker !== death.worker || ended.has(leaseKey(held))) return [];
      const until = untilNs(evidence, { jobId, held, claims: ofJob });
      if (until !== undefined && until < death.atNs) return [];
      const from = lastSignNs(evidence, held, death);
      const waitedMs =
        until === undefined ? Number.POSITIVE_INFINITY : Number((until - from) / NS_PER_MS);
      const questions = questionsUntil(evidence, { held, until });
      return [{ jobId, worker: death.worker, waitedMs, questions }];
    }),
  );
  return {
    handovers: handovers.length,
    handoverMaxMs: Math.max(0, ...handovers.map(({ waitedMs }) => waitedMs)),
    questionsMax: Math.max(0, ...handovers.map(({ questions }) => questions)),
    troubles: [
      ...handovers
        .filter(({ questions }) => questions > QUESTIONS_LIMIT)
        .map(({ jobId, questions }) => `job ${jobId} was not given to ${questions} who asked`),
      ...handovers
        .filter(({ waitedMs }) => waitedMs >= handoverLimitMs)
        .map(({ jobId, worker, waitedMs }) =>
          Number.isFinite(waitedMs)
            ? `job ${jobId} of the dead ${worker} waited ${waitedMs.toString()} ms`
            : `job ${jobId} of the dead ${worker} was never taken up again`,
        ),
      ...[...claims].flatMap(([jobId, ofJob]) => epochTroubles(jobId, ofJob)),
    ],
  };
}

function byJob(claims: readonly Claim[]): Map<number, Claim[]> {
  const all = new Map<number, Claim[]>();
  for (const claim of claims) all.set(claim.jobId, [...(all.get(claim.jobId) ?? []), claim]);
  for (const ofJob of all.values()) ofJob.sort((one, other) => one.epoch - other.epoch);
  return all;
}

function leaseKey({ jobId, epoch }: { readonly jobId: number; readonly epoch: number }): string {
  return `${jobId}/${epoch}`;
}

function lastBefore(claims: readonly Claim[], { atNs }: Death): Claim | undefined {
  return claims.filter((claim) => claim.atNs <= atNs).at(-1);
}

function lastSignNs(
  { signs }: Pick<Evidence, 'signs'>,
  held: Claim,
  { atNs }: { readonly atNs: bigint },
): bigint {
  return signs
    .filter(({ jobId, epoch }) => jobId === held.jobId && epoch === held.epoch)
    .reduce((latest, sign) => (sign.atNs > latest ? sign.atNs : latest), atNs);
}

/** Since the lease of the dead was over. */
function questionsUntil(
  { questions, signs }: Evidence,
  of: { readonly held: Claim; readonly until: bigint | undefined },
): number {
  const { held, until } = of;
  const leaseEndNs = lastSignNs({ signs }, held, held) + LEASE_NS;
  const asked = questions.filter(
    ({ atNs, hadRoom }) => hadRoom && atNs > leaseEndNs && (until === undefined || atNs <= until),
  );
  return asked.length;
}

/** When the job went on, or was over. */
function untilNs(
  { jobs }: Evidence,
  of: { readonly jobId: number; readonly held: Claim; readonly claims: readonly Claim[] },
): bigint | undefined {
  const next = of.claims.find(({ epoch }) => epoch > of.held.epoch)?.atNs;
  return next ?? jobs.find(({ jobId }) => jobId === of.jobId)?.endedAtNs;
}

/** Two workers were told that the same lease is theirs. */
function epochTroubles(jobId: number, claims: readonly Claim[]): string[] {
  return claims.flatMap((claim, index) => {
    const before = claims[index - 1];
    if (before?.epoch !== claim.epoch) return [];
    return [`job ${jobId}: ${before.worker} and ${claim.worker} both have epoch ${claim.epoch}`];
  });
}
