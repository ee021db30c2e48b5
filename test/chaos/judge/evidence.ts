/** A server that a cloud had at any time. Times are the cloud's, in milliseconds. */
export interface ServerLife {
  /** The account it was in. */
  readonly cloud: string;
  readonly externalId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  /** Undefined while it is there. */
  readonly goneAtMs: number | undefined;
}

export type RentalStage =
  'quoted' | 'awaiting-payment' | 'provisioning' | 'active' | 'ending' | 'closed';

/** What the canister says of a rental at the end. */
export interface RentalLife {
  readonly rentalId: number;
  readonly stage: RentalStage;
  /** Its machine was ready once. */
  readonly wasReady: boolean;
  readonly recipe: string;
  /** The cloud confirmed it, or there never was one. */
  readonly isMachineGone: boolean;
  readonly money: readonly EscrowLife[];
}

/** What the treasury says of one paid stretch of time, in the token's smallest units. */
export interface EscrowLife {
  readonly deposited: bigint;
  /** Decided, as far as it may be: nothing waits for anybody. */
  readonly isDecided: boolean;
  /** The renter's for good. */
  readonly refunded: bigint;
  /** Of that, what has not arrived yet. */
  readonly refundOpen: bigint;
}

/** One claim of a job, as the canister answered it. Times are the canister's. */
export interface Claim {
  readonly jobId: number;
  readonly epoch: number;
  readonly worker: string;
  readonly atNs: bigint;
}

/** A bridge asked for jobs. By the canister's clock. */
export interface Question {
  readonly atNs: bigint;
  /** It would have taken more than it got. */
  readonly hadRoom: boolean;
}

/**
 * Something was heard of the holder of a lease: it was extended, or, in `leaseEnds`, the job ended or was
 * given back.
 */
export interface LeaseSign {
  readonly jobId: number;
  readonly epoch: number;
  readonly atNs: bigint;
}

/** A job as the canister has it at the end. */
export interface JobLife {
  readonly jobId: number;
  readonly rentalId: number | undefined;
  readonly kind: string;
  /** What a bridge ran into last, in its words; empty if nothing. */
  readonly problem: string;
  /** Undefined while it is not over. */
  readonly endedAtNs: bigint | undefined;
}

/** A bridge process was killed. By the canister's clock. */
export interface Death {
  readonly worker: string;
  readonly atNs: bigint;
}

export interface Evidence {
  readonly installation: string;
  readonly servers: readonly ServerLife[];
  /** What renters were told is paid, by their own notes. */
  readonly paid: readonly number[];
  /** Of all renters, as the canister lists them. */
  readonly rentals: readonly RentalLife[];
  readonly jobs: readonly JobLife[];
  readonly claims: readonly Claim[];
  /** All that the canister answered. */
  readonly questions: readonly Question[];
  /** Extensions of leases. */
  readonly signs: readonly LeaseSign[];
  readonly leaseEnds: readonly LeaseSign[];
  readonly deaths: readonly Death[];
  /** By the treasury's books: what it has less what it owes. */
  readonly solvency: readonly {
    readonly symbol: string;
    readonly difference: bigint;
    readonly shortfall: bigint;
  }[];
}
