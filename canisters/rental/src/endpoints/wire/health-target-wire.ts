import {
  bool,
  count,
  list,
  nanoseconds,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { HealthTarget } from '../../flows/health/health-targets.ts';
import type { RowPage } from '../../flows/rentals/rental-views.ts';
import { connectionCard } from './job-report-wire.ts';
import { healthCheck } from './recipes-wire.ts';

const target = record<HealthTarget>({
  rentalId: count,
  externalId: optional(text),
  card: connectionCard,
  health: optional(healthCheck),
  isExcluded: bool,
  startedAt: nanoseconds,
});

/** What agents are to measure. */
export const healthTargetPage = record<RowPage<HealthTarget>>({
  rows: list(target),
  next: optional(count),
});
