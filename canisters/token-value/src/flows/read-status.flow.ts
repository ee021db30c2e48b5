import { present } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { SourceReport, TokenReport } from '../core/pricing/report.ts';
import type { TokenPricing } from '../core/pricing/token-pricing.ts';
import type { PriceSource } from '../core/sources/price-source.ts';
import type { SourceState } from '../storage/sample-store.ts';
import type { CanisterParts } from './canister-parts.ts';

/** A source as an operator reads it. */
export interface SourceStatus {
  readonly source: PriceSource;
  readonly report: SourceReport;
  readonly state: SourceState;
  /** Samples kept, of the last day. */
  readonly keptSamples: number;
  readonly hangingSinceNs: TimestampNs | undefined;
}

/** A token as an operator reads it. */
export interface TokenStatus {
  readonly pricing: TokenPricing;
  readonly report: TokenReport;
}

/** All of it at one moment. */
export interface PriceStatus {
  readonly atNs: TimestampNs;
  readonly sources: readonly SourceStatus[];
  readonly tokens: readonly TokenStatus[];
}

/** Every source and token as of now, computed for this answer. */
export function readStatus({ storage, prices, sampler }: CanisterParts): PriceStatus {
  const { atNs, sources, tokens } = prices.evaluation();
  const config = storage.config.config();
  return {
    atNs,
    sources: sources.map((report, index) => ({
      source: present(config.sources[index], 'a source has no configuration').source,
      report,
      state: storage.samples.state(report.id),
      keptSamples: storage.samples.ring(report.id).length,
      hangingSinceNs: sampler.hangingSinceNs(report.id),
    })),
    tokens: tokens.map((report, index) => ({
      pricing: present(config.tokens[index], 'a token has no configuration'),
      report,
    })),
  };
}
