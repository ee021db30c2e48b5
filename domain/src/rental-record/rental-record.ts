/**
 * What is kept of a rental for ever, as one JSON text: read from the market and from the archive in
 * the same form. Times are ISO 8601 in UTC, amounts decimal text in the ledger's smallest unit, USD as
 * decimal text. No addresses, no credentials, no inputs, and of the parties only the numbers of their
 * accounts: neither learns from it with what the other signs in or pays.
 */
export interface RentalRecord {
  readonly format: typeof RECORD_FORMAT;
  readonly id: number;
  /** The offer's title at the time. */
  readonly title: string;
  readonly state: string;
  /** Numbers of accounts. */
  readonly renter: number;
  readonly provider: number;
  readonly author: number | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly closed_at: string | null;
  readonly outcome: OutcomeRecord | null;
  readonly terms: TermsRecord;
  /** Which of the terms' choices the machine was, or was last tried as; the first is 0. */
  readonly choice: number;
  /** What ran last; null if that is what the terms say. */
  readonly recipe: RecipeRecord | null;
  readonly periods: readonly PeriodRecord[];
  readonly timeline: readonly StepRecord[];
  /** Steps left out between the first and the newest ones. */
  readonly timeline_left_out: number;
  /** The newest part of the log of the first deployment, addresses left out. */
  readonly log_tail: string;
  readonly log_bytes: number;
  readonly health: HealthRecord;
}

/** A record of another form has another name. */
export const RECORD_FORMAT = 'decent-cloud/rental/1';

/** Why and when a rental ended. */
export interface OutcomeRecord {
  readonly cause: string;
  /** In plain words. */
  readonly reason: string;
  readonly ended_at: string;
}

/** What was agreed and never changed. */
export interface TermsRecord {
  readonly offering: number;
  readonly backend: string;
  readonly choices: readonly MachineRecord[];
  readonly recipe: RecipeRecord | null;
  readonly ledger: string;
  readonly price_per_month_usd: string;
  readonly total_usd: string;
  readonly term_seconds: number;
  readonly platform_bps: number;
  readonly author_bps: number;
  readonly sla_credits: readonly { readonly below_ppm: number; readonly credit_bps: number }[];
  readonly notice_seconds: number;
  readonly provision_within_seconds: number;
  readonly provider_penalty_bps: number;
  readonly frozen_at: string;
}

/** A machine as the cloud names and describes it. */
export interface MachineRecord {
  readonly type: string;
  readonly location: string;
  readonly image: string;
  readonly country: string;
  readonly arch: string;
  readonly cores: number;
  readonly memory_mb: number;
  readonly disk_gb: number;
}

/** A version of a recipe and the hash of its script. */
export interface RecipeRecord {
  readonly recipe: number;
  readonly name: string;
  readonly version: string;
  readonly script_sha256: string;
}

/** A paid stretch of time; its money is in the treasury's statement under the escrow's number. */
export interface PeriodRecord {
  readonly escrow: number;
  readonly status: string;
  readonly amount: string;
  readonly term_seconds: number;
  readonly started_at_ns: string | null;
}

/** A step of the timeline. What says nothing is left out: each byte is hashed, here and there. */
export interface StepRecord {
  readonly step: string;
  readonly at: string;
  /** Only of a recipe's steps. */
  readonly index?: number;
  readonly of?: number;
  /** Not if there is none, or if the outcome says the same. */
  readonly note?: string;
}

/** Slots of five minutes each. Uptime is up of up and down, null if there is neither. */
export interface HealthRecord {
  readonly uptime_ppm: number | null;
  readonly up: number;
  readonly down: number;
  readonly excluded: number;
  readonly unknown: number;
  /** The newest ones, at most 366. */
  readonly days: readonly HealthDayRecord[];
}

/** How many slots of a day were what. */
export interface HealthDayRecord {
  /** `2026-11-23`, in UTC. */
  readonly day: string;
  readonly up: number;
  readonly down: number;
  readonly excluded: number;
  readonly unknown: number;
}

/** The text that is kept and hashed. */
export function recordText(record: RentalRecord): string {
  return JSON.stringify(record);
}
