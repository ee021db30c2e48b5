import { gauge, type Metric, type Sample } from '@decent-cloud/kit/http/metrics.ts';
import { readStatus } from '../flows/read-status.flow.ts';
import type { CanisterParts } from '../flows/canister-parts.ts';

const NS_PER_SECOND = 1_000_000_000n;

/** What to alarm on: a source that does not count, a token without a price, a call that hangs. */
export function ownMetrics(canister: CanisterParts): readonly Metric[] {
  const { atNs, sources, tokens } = readStatus(canister);
  const ofSources = (valueOf: (status: (typeof sources)[number]) => bigint | undefined) =>
    sources.flatMap((status) => sampleOf({ source: status.source.label }, valueOf(status)));
  const ofTokens = (valueOf: (status: (typeof tokens)[number]) => bigint | undefined) =>
    tokens.flatMap((status) => sampleOf({ token: status.pricing.symbol }, valueOf(status)));
  return [
    metric('source_valid', '1 if the source counts', {
      samples: ofSources(({ report }) => (report.health.kind === 'valid' ? 1n : 0n)),
    }),
    metric('source_age_seconds', 'Age of the newest sample of the last day', {
      samples: ofSources(({ report: { newestAtNs } }) =>
        newestAtNs === undefined ? undefined : (atNs - newestAtNs) / NS_PER_SECOND,
      ),
    }),
    metric('source_hanging_seconds', 'For how long a call has not been answered', {
      samples: ofSources(({ hangingSinceNs }) =>
        hangingSinceNs === undefined ? 0n : (atNs - hangingSinceNs) / NS_PER_SECOND,
      ),
    }),
    metric('token_priced', '1 if the token has a price', {
      samples: ofTokens(({ report }) => (report.price.kind === 'priced' ? 1n : 0n)),
    }),
    metric('token_price_expires_in_seconds', 'How long the price would last without new samples', {
      samples: ofTokens(({ report: { price } }) =>
        price.kind === 'priced' ? (price.expiresAtNs - atNs) / NS_PER_SECOND : undefined,
      ),
    }),
    gauge({
      name: 'dc_token_value_open_calls',
      help: 'Sources that are being asked; above 0 for long means that one hangs',
      value: canister.sampler.openCallCount(),
    }),
    gauge({
      name: 'dc_token_value_events',
      help: 'Entries of the journal',
      value: canister.storage.journal.length(),
    }),
  ];
}

function metric(name: string, help: string, rest: Pick<Metric, 'samples'>): Metric {
  return { name: `dc_token_value_${name}`, help, kind: 'gauge', ...rest };
}

function sampleOf(labels: Record<string, string>, value: bigint | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ labels, value }];
}
