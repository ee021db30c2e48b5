import {
  blob,
  count,
  list,
  nanoseconds,
  nat32,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import { pageOf } from '@decent-cloud/kit/wire/page-wire.ts';
import type { TimelineRow } from '../../core/jobs/timeline.ts';
import type {
  ConnectionView,
  LogRequest,
  LogView,
  TimelineView,
  UsualStep,
} from '../../flows/jobs/run-views.ts';
import { connectionCard, stepName } from './job-report-wire.ts';

const timelineRow = record<TimelineRow>({
  step: stepName,
  at: nanoseconds,
  index: nat32,
  of: nat32,
  note: text,
});

export const timelineView = record<TimelineView>({
  page: pageOf(timelineRow),
  usual: list(record<UsualStep>({ step: stepName, seconds: nat32, runs: nat32 })),
});

export const logRequest = record<LogRequest>({ jobId: count, offset: count, limit: nat32 });

export const logView = record<LogView>({
  offset: count,
  bytes: blob,
  totalBytes: count,
  droppedBytes: count,
});

export const connectionView = record<ConnectionView>({
  card: optional(connectionCard),
  toldAt: optional(nanoseconds),
  sealedCredentials: optional(blob),
});
