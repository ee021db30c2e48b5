import type { RentalId } from '@decent-cloud/domain/ids.ts';
import {
  blob,
  bool,
  count,
  list,
  literals,
  nanoseconds,
  nat32,
  nat8,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { Check, Flip } from '../../core/health/machine-status.ts';
import type { SlotCounts } from '../../core/health/slots.ts';
import type { ProviderTrust } from '../../core/health/trust.ts';
import type { Uptime } from '../../core/health/uptime.ts';
import type {
  DayCounts,
  HealthSlots,
  MeasuredTime,
  PeriodUptime,
  UptimeReport,
} from '../../flows/health/read-health.flow.ts';
import type { FlipReport, FlipResult } from '../../flows/health/report-flip.flow.ts';
import type { HealthRow } from '../../flows/health/report-health.flow.ts';

export const healthRows = list(
  record<HealthRow>({ rentalId: count, hour: nat32, slots: nat32, upto: nat8 }),
);

const check = record<Check>({ what: text, result: text, latencyMs: nat32 });

const flipFields = {
  at: nanoseconds,
  isUp: bool,
  checks: list(check),
  nextCheck: nanoseconds,
};

export const flipReport = record<FlipReport>({ rentalId: count, ...flipFields });

export const flipResult = literals<FlipResult>(['taken', 'duplicate', 'outvoted', 'excluded']);

const countFields = { up: nat32, down: nat32, excluded: nat32, unknown: nat32 };

const uptimeFields = { ppm: optional(nat32), counts: record<SlotCounts>(countFields) };

const uptime = record<Uptime>(uptimeFields);

const measuredTime = record<MeasuredTime>({
  from: nanoseconds,
  to: nanoseconds,
  finalTo: nanoseconds,
});

export const uptimeReport = record<UptimeReport>({
  measured: measuredTime,
  lastFlip: optional(record<Flip>(flipFields)),
  isExcluded: bool,
  hours24: uptime,
  days7: uptime,
  days30: uptime,
  days90: uptime,
  period: record<PeriodUptime>({
    ...uptimeFields,
    belowPpm: optional(nat32),
    allowedDowntimeNs: optional(nanoseconds),
  }),
  days: list(record<DayCounts>({ day: nat32, ...countFields })),
});

export const healthSlotsRequest = record<{
  readonly rentalId: RentalId;
  readonly day: number;
  readonly count: number;
}>({ rentalId: count, day: nat32, count: nat32 });

export const healthSlots = record<HealthSlots>({
  measured: measuredTime,
  days: list(
    record<{ readonly day: number; readonly slots: Uint8Array }>({ day: nat32, slots: blob }),
  ),
});

export const providerTrust = record<ProviderTrust>({
  provider: count,
  score: optional(nat32),
  runs: count,
  succeeded: count,
  cancelled: count,
  upSlots: count,
  downSlots: count,
  uptimePpm: optional(nat32),
  since: nanoseconds,
});
