import {
  count,
  list,
  literals,
  nanoseconds,
  nat32,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type { StrayId } from '../../core/ids.ts';
import type { Verdict } from '../../core/strays/stray-rules.ts';
import type { SeenServer, Stray } from '../../core/strays/stray.ts';
import type { IdPageRequest } from '../../flows/page-of-ids.ts';
import type { StrayPage, StraysRequest } from '../../flows/strays/list-strays.ts';
import type { ServerAddress } from '../../flows/strays/note-stray.ts';
import type { StraysReport, StrayVerdict } from '../../flows/strays/report-strays.flow.ts';

const server = { externalId: text, name: text, rentalId: optional(count) };

export const straysReport = record<StraysReport>({
  cloudAccountId: count,
  strays: list(record<SeenServer>(server)),
});

export const strayVerdicts = list(
  record<StrayVerdict>({
    externalId: text,
    verdict: literals<Verdict>(['wait', 'delete', 'keep']),
  }),
);

export const serverAddress = record<ServerAddress>({ cloudAccountId: count, externalId: text });

export const straysRequest = record<StraysRequest>({
  cloudAccountId: count,
  page: record<IdPageRequest<StrayId>>({ from: optional(count), limit: nat32 }),
});

type StrayView = Omit<Stray, 'cloudAccountId' | 'dueAt'>;
type PageView = Omit<StrayPage, 'rows'> & { readonly rows: readonly StrayView[] };

export const strayPage = record<PageView>({
  rows: list(
    record<StrayView>({
      id: count,
      ...server,
      firstSeenAt: nanoseconds,
      lastSeenAt: nanoseconds,
      deletedAt: optional(nanoseconds),
    }),
  ),
  next: optional(count),
});
