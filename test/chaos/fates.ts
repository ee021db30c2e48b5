import type { SeededRandom } from '@decent-cloud/localnet/system/ledger/faults/seeded-random.ts';
import { randomFor } from './sub-seed.ts';

/** Where a bridge is killed: before its request goes on, or when it was done but not answered. */
export type KillPhase = 'before' | 'after';

/** What becomes of one request. */
export type Fate =
  | { readonly kind: 'pass' }
  /** Never arrives. */
  | { readonly kind: 'lose-request' }
  /** Is done; the answer is lost. */
  | { readonly kind: 'lose-reply' }
  /** Arrives twice, at once; the second answer counts. */
  | { readonly kind: 'twice' }
  /** Answered so much later. */
  | { readonly kind: 'late'; readonly delayMs: number }
  /** The connection is cut at once; it arrives all the same, so much later. */
  | { readonly kind: 'late-arrival'; readonly delayMs: number }
  | { readonly kind: 'kill'; readonly phase: KillPhase };

/** Shares of requests, from 0 to 1; what is left passes. */
export interface FateShares {
  readonly loseRequest: number;
  readonly loseReply: number;
  readonly twice: number;
  readonly late: number;
  readonly lateArrival: number;
  readonly kill: number;
  /** Of the requests of a kind at which no bridge was killed yet in that phase. */
  readonly firstKill: number;
}

export const STORM: FateShares = {
  loseRequest: 0.02,
  loseReply: 0.02,
  twice: 0.02,
  late: 0.04,
  lateArrival: 0.01,
  kill: 0.002,
  firstKill: 0.25,
};

const LATE_MAX_MS = 3_000;
/** Longer than a lease: it may arrive when another bridge has the job. */
const LATE_ARRIVAL_MAX_MS = 40_000;
const PHASES: readonly KillPhase[] = ['before', 'after'];

/** Kinds of requests that were seen, with the phases in which a bridge was killed at them. */
export class KillCoverage {
  readonly #kills = new Map<string, Set<KillPhase>>();

  seen(kind: string): void {
    if (!this.#kills.has(kind)) this.#kills.set(kind, new Set());
  }

  missing(kind: string): KillPhase | undefined {
    return PHASES.find((phase) => this.#kills.get(kind)?.has(phase) !== true);
  }

  killed(kind: string, phase: KillPhase): void {
    this.seen(kind);
    this.#kills.get(kind)?.add(phase);
  }

  all(): ReadonlyMap<string, readonly KillPhase[]> {
    return new Map([...this.#kills].map(([kind, phases]) => [kind, [...phases].sort()]));
  }
}

export interface FatesOptions {
  readonly seed: number;
  readonly shares: FateShares;
  /** Of all bridges: what one was killed at need not be tried with every other. */
  readonly coverage: KillCoverage;
  /** Whether the bridge may be killed now, at a request of that kind. */
  readonly mayKill: (kind: string) => boolean;
}

/** What the seed says about one request. All is drawn for each, so that no draw depends on another's use. */
interface Drawn {
  readonly roll: number;
  readonly firstKill: number;
  readonly length: number;
  readonly phase: number;
}

/**
 * Decides by a seed what becomes of each request: of the first of its kind, the second, and so on, whatever
 * else is asked in between. Kinds at which no bridge was killed yet are preferred, so that what is asked
 * least often is not left out. While it is calm all pass, and nothing is counted.
 */
export class Fates {
  readonly #options: FatesOptions;
  readonly #randoms = new Map<string, SeededRandom>();
  #mishaps = 0;
  isCalm = false;

  constructor(options: FatesOptions) {
    this.#options = options;
  }

  /** Requests that did not simply pass. */
  get mishaps(): number {
    return this.#mishaps;
  }

  next(kind: string): Fate {
    const { coverage, shares, mayKill } = this.#options;
    coverage.seen(kind);
    if (this.isCalm) return { kind: 'pass' };
    const drawn = this.#draw(kind);
    const missing = coverage.missing(kind);
    const isFirst = missing !== undefined && drawn.firstKill < shares.firstKill && mayKill(kind);
    const fate: Fate = isFirst ? { kind: 'kill', phase: missing } : this.#ordinary(kind, drawn);
    if (fate.kind === 'kill') coverage.killed(kind, fate.phase);
    if (fate.kind !== 'pass') this.#mishaps += 1;
    return fate;
  }

  #draw(kind: string): Drawn {
    const { seed } = this.#options;
    const random = this.#randoms.get(kind) ?? randomFor(seed, kind);
    this.#randoms.set(kind, random);
    const next = (): number => random.next();
    return { roll: next(), firstKill: next(), length: next(), phase: next() };
  }

  #ordinary(kind: string, { roll, length, phase }: Drawn): Fate {
    const { loseRequest, loseReply, twice, late, lateArrival, kill } = this.#options.shares;
    let below = loseRequest;
    if (roll < below) return { kind: 'lose-request' };
    if (roll < (below += loseReply)) return { kind: 'lose-reply' };
    if (roll < (below += twice)) return { kind: 'twice' };
    if (roll < (below += late)) return { kind: 'late', delayMs: upTo(LATE_MAX_MS, length) };
    if (roll < (below += lateArrival)) {
      return { kind: 'late-arrival', delayMs: upTo(LATE_ARRIVAL_MAX_MS, length) };
    }
    if (roll < below + kill && this.#options.mayKill(kind)) {
      return { kind: 'kill', phase: phase < 1 / 2 ? 'before' : 'after' };
    }
    return { kind: 'pass' };
  }
}

function upTo(maxMs: number, share: number): number {
  return Math.round(share * maxMs);
}
