import { formatDecimal } from '@decent-cloud/domain/amount.ts';
import { isoTime } from '@decent-cloud/domain/utc-time.ts';
import {
  RECORD_FORMAT,
  type HealthRecord,
  type MachineRecord,
  type PeriodRecord,
  type RecipeRecord,
  type RentalRecord,
  type StepRecord,
  type TermsRecord,
} from '@decent-cloud/domain/rental-record/rental-record.ts';
import type { TimelineRow } from '../jobs/timeline.ts';
import type { MachineSpec } from '../market/catalogue.ts';
import type { VersionRef } from '../recipes/recipe.ts';
import type { Ending, Period, Rental } from '../rentals/rental.ts';
import type { FrozenTerms } from '../rentals/terms.ts';
import { withoutAddresses } from './without-addresses.ts';

/** Slots of one day, counted; `day` is the number of days since 1970. */
export interface DayCounts {
  readonly day: number;
  readonly up: number;
  readonly down: number;
  readonly excluded: number;
  readonly unknown: number;
}

/** Everything that a record is made of. */
export interface RecordParts {
  readonly rental: Rental;
  readonly terms: FrozenTerms;
  readonly timeline: readonly TimelineRow[];
  readonly timelineLeftOut: number;
  readonly logTail: string;
  readonly logBytes: number;
  /** In order; all of them. */
  readonly days: readonly DayCounts[];
}

const MAX_DAYS = 366;
const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_DAY = 86_400_000_000_000n;
const USD_DECIMALS = 8;
const PPM = 1_000_000;

/** What is kept of a rental. Texts that workers wrote lose the addresses in them. */
export function makeRecord(parts: RecordParts): RentalRecord {
  const { rental, terms } = parts;
  const { state } = rental;
  const startedAt = rental.periods[0]?.startedAt;
  const outcome =
    state.kind === 'closed' || state.kind === 'ending' ? outcomeOf(state.ending) : null;
  return {
    format: RECORD_FORMAT,
    id: rental.id,
    title: terms.offeringTitle,
    state: state.kind,
    renter: rental.renter,
    provider: rental.provider,
    author: terms.author ?? null,
    created_at: isoTime(rental.createdAt),
    started_at: startedAt === undefined ? null : isoTime(startedAt),
    closed_at: state.kind === 'closed' ? isoTime(state.at) : null,
    outcome,
    terms: termsRecord(terms),
    choice: rental.choiceIndex,
    recipe: isAgreed(terms, rental.deployment) ? null : recipeRecord(rental.deployment),
    periods: rental.periods.map(periodRecord),
    timeline: parts.timeline.map((row) => stepRecord(row, outcome?.reason)),
    timeline_left_out: parts.timelineLeftOut,
    log_tail: withoutAddresses(parts.logTail),
    log_bytes: parts.logBytes,
    health: healthRecord(parts.days),
  };
}

function outcomeOf({ cause, reason, at }: Ending): NonNullable<RentalRecord['outcome']> {
  return { cause, reason: withoutAddresses(reason), ended_at: isoTime(at) };
}

function termsRecord(terms: FrozenTerms): TermsRecord {
  return {
    offering: terms.offeringId,
    backend: terms.backend,
    choices: terms.choices.map(machineRecord),
    recipe: recipeRecord(terms.recipe),
    ledger: terms.ledger.toText(),
    price_per_month_usd: usd(terms.pricePerMonthUsdE8),
    total_usd: usd(terms.totalUsdE8),
    term_seconds: seconds(terms.termNs),
    platform_bps: terms.platformBps,
    author_bps: terms.authorBps,
    sla_credits: terms.slaCredits.map(({ belowPpm, creditBps }) => ({
      below_ppm: belowPpm,
      credit_bps: creditBps,
    })),
    notice_seconds: seconds(terms.noticeNs),
    provision_within_seconds: seconds(terms.provisionWithinNs),
    provider_penalty_bps: terms.providerPenaltyBps,
    frozen_at: isoTime(terms.frozenAt),
  };
}

function machineRecord(spec: MachineSpec): MachineRecord {
  const { machineType: type, location, image, country, arch, cores, memoryMb, diskGb } = spec;
  return { type, location, image, country, arch, cores, memory_mb: memoryMb, disk_gb: diskGb };
}

function recipeRecord(ref: VersionRef | undefined): RecipeRecord | null {
  if (ref === undefined) return null;
  const { recipeId, name, semver, scriptSha256 } = ref;
  return { recipe: recipeId, name, version: semver, script_sha256: scriptSha256 };
}

function isAgreed({ recipe }: FrozenTerms, deployment: VersionRef | undefined): boolean {
  return recipe?.recipeId === deployment?.recipeId && recipe?.number === deployment?.number;
}

function periodRecord({ escrowId, status, amount, termNs, startedAt }: Period): PeriodRecord {
  return {
    escrow: escrowId,
    status,
    amount: amount.toString(),
    term_seconds: seconds(termNs),
    started_at_ns: startedAt === undefined ? null : startedAt.toString(),
  };
}

/** What the reason says is not said again. */
function stepRecord(row: TimelineRow, reason: string | undefined): StepRecord {
  const note = withoutAddresses(row.note);
  return {
    step: row.step,
    at: isoTime(row.at),
    ...(row.of === 0 ? {} : { index: row.index, of: row.of }),
    ...(note === '' || note === reason ? {} : { note }),
  };
}

function healthRecord(days: readonly DayCounts[]): HealthRecord {
  const sum = { up: 0, down: 0, excluded: 0, unknown: 0 };
  for (const day of days) {
    sum.up += day.up;
    sum.down += day.down;
    sum.excluded += day.excluded;
    sum.unknown += day.unknown;
  }
  const measured = sum.up + sum.down;
  return {
    uptime_ppm: measured === 0 ? null : Math.floor((sum.up * PPM) / measured),
    ...sum,
    days: days.slice(-MAX_DAYS).map(({ day, up, down, excluded, unknown }) => ({
      day: isoTime(BigInt(day) * NS_PER_DAY).slice(0, 'YYYY-MM-DD'.length),
      up,
      down,
      excluded,
      unknown,
    })),
  };
}

function usd(amount: bigint): string {
  return formatDecimal({ amount, decimals: USD_DECIMALS });
}

function seconds(ns: bigint): number {
  return Number(ns / NS_PER_SECOND);
}
