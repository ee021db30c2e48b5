import type { CloudAccountId, JobId, RentalId } from '../core/ids.ts';
import type { JobEvent } from '../core/job-report.ts';
import type {
  Backend,
  ClaimedJob,
  ConnectionCard,
  HealthCheck,
  JobWork,
  Lease,
} from '../core/job-work.ts';
import type { CloudCatalogue } from './cloud.port.ts';

/** A cloud account that this bridge's identity works. */
export interface AgentAccount {
  readonly id: CloudAccountId;
  readonly provider: number;
  readonly backend: Backend;
  readonly label: string;
}

/** Undefined: the job is not the caller's any more. Canister's clock. */
export interface LeaseRenewal {
  readonly jobId: JobId;
  readonly leaseUntilMs: number | undefined;
}

/** What became of a report. */
export type ReportOutcome =
  /** Also if it was taken in before. Without a time the job has ended. */
  | { readonly kind: 'taken'; readonly leaseUntilMs: number | undefined }
  /** Stop working on the job at once. */
  | { readonly kind: 'stale' };

/** A server that may exist, by the canister's books. */
export interface BookedServer {
  readonly rentalId: RentalId;
  readonly state: 'quoted' | 'awaiting-payment' | 'provisioning' | 'active' | 'ending' | 'closed';
  readonly serverName: string | undefined;
  readonly externalId: string | undefined;
}

/** What is to be measured. */
export interface HealthTarget {
  readonly rentalId: RentalId;
  readonly externalId: string | undefined;
  readonly card: ConnectionCard;
  /** Undefined for a bare machine: SSH is enough. */
  readonly health: HealthCheck | undefined;
  /** Off by the renter's order, or being worked on: do not probe. */
  readonly isExcluded: boolean;
}

/** What was measured of one rental in one hour. */
export interface HealthRow {
  readonly rentalId: RentalId;
  /** Hours since 1970, UTC. */
  readonly hour: number;
  /** Twelve slots of two bits, the first in the lowest: 0 up, 1 down, 3 unknown. */
  readonly slots: number;
  /** How many of them are over and were measured, 1 to 12. */
  readonly upto: number;
}

/** What became of one row of a health report. */
export type HealthRowAnswer =
  | 'accepted'
  | 'duplicate'
  | 'unknown-rental'
  | 'not-allowed'
  | 'final'
  /** Send it again a minute later. */
  | 'not-over'
  | 'malformed'
  | 'too-many-agents'
  | 'rental-over';

/** One look at a machine, in words for people. */
export interface ProbeResult {
  /** `HTTP GET / from fsn1`. */
  readonly what: string;
  readonly result: string;
  readonly latencyMs: number;
}

/** A machine went down or came up. */
export interface FlipReport {
  readonly rentalId: RentalId;
  readonly atMs: number;
  readonly isUp: boolean;
  readonly checks: readonly ProbeResult[];
  readonly nextCheckMs: number;
}

/** A server with our labels that no live rental owns. */
export interface Stray {
  readonly externalId: string;
  readonly name: string;
  /** From its label. */
  readonly rentalId: RentalId | undefined;
}

/** `wait`: seen for less than the grace; `delete`: delete it now, then say so; `keep`: it is owned. */
export interface StrayVerdict {
  readonly externalId: string;
  readonly verdict: 'wait' | 'delete' | 'keep';
}

/**
 * The rental canister as this bridge's identity sees it. Calls reject with `CanisterUnavailable` when
 * the outcome is not known or the canister cannot be reached (all of them may be repeated: they are
 * idempotent by epoch and number), and with `CanisterRefusal` when the canister said no.
 */
export interface RentalPort {
  claimJobs(request: {
    readonly worker: string;
    readonly max: number;
  }): Promise<readonly ClaimedJob[]>;
  /** Undefined: the lease is not ours any more. */
  getJob(lease: Lease): Promise<JobWork | undefined>;
  renewLeases(leases: readonly Lease[]): Promise<readonly LeaseRenewal[]>;
  /** `seq` counts the reports of an epoch from 1. */
  reportStep(
    report: Lease & { readonly seq: number; readonly events: readonly JobEvent[] },
  ): Promise<ReportOutcome>;
  releaseJob(lease: Lease): Promise<void>;

  heartbeat(self: { readonly ageRecipient: string; readonly version: string }): Promise<void>;
  listAgentAccounts(): Promise<readonly AgentAccount[]>;
  /** The marketplace's own name, in the labels of all its servers. */
  installation(): Promise<string>;
  /** An age file for this agent. */
  sealedCredentials(id: CloudAccountId): Promise<Uint8Array>;
  publishCatalogue(
    id: CloudAccountId,
    reading: { readonly readAtMs: number; readonly catalogue: CloudCatalogue },
  ): Promise<void>;
  /** `problem` undefined: the cloud takes the credentials. */
  reportAccountValidity(id: CloudAccountId, problem: string | undefined): Promise<void>;

  /** All servers that may exist in an account, by the canister's books. */
  bookedServers(id: CloudAccountId): Promise<readonly BookedServer[]>;
  /** What the canister knows of strays is persisted there: the grace outlives any bridge. */
  reportStrays(id: CloudAccountId, strays: readonly Stray[]): Promise<readonly StrayVerdict[]>;
  reportStrayDeleted(id: CloudAccountId, externalId: string): Promise<void>;

  healthTargets(id: CloudAccountId): Promise<readonly HealthTarget[]>;
  reportHealth(rows: readonly HealthRow[]): Promise<readonly HealthRowAnswer[]>;
  reportFlip(flip: FlipReport): Promise<void>;
  /** Gives whether it ended the rental. */
  reportMachineLost(rentalId: RentalId): Promise<boolean>;

  /** The canister's clock minus this machine's, from the last certified answer; undefined at first. */
  clockOffsetMs(): number | undefined;
}
