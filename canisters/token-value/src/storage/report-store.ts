import { present } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import { uint16, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import { bigint, bool, bytes, record } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import type { Evaluation, SourceReport, TokenReport } from '../core/pricing/report.ts';
import { sourceReportFields, tokenReportFields } from './report-fields.ts';

const CACHED_ROWS = 128;

/** All kinds of rows share one memory; the first byte of a key tells them apart. */
const SOURCE_ROW = 0;
const TOKEN_ROW = 1;
/** The one row that says whether the others may be used. */
const STATUS_ROW = 2;
type RowKey = readonly [kind: number, index: number];

/** What was computed for one token last. */
export interface TokenRecord {
  readonly evaluatedAtNs: TimestampNs;
  readonly report: TokenReport;
  /** SHA-256 over what the price rests on; no bytes without a price. */
  readonly sourcesHash: Uint8Array;
}

interface SourceRecord {
  readonly report: SourceReport;
}

interface StatusRecord {
  readonly isOutdated: boolean;
}

/**
 * The last evaluation, a row for each source and token in the order of the configuration. It is
 * stored, so that after an upgrade a price is there at once and no health change is told twice.
 */
export class ReportStore {
  readonly #sources: StableMap<RowKey, SourceRecord>;
  readonly #tokens: StableMap<RowKey, TokenRecord>;
  readonly #status: StableMap<RowKey, StatusRecord>;

  constructor(store: StableStore) {
    const key = keyCodec(composite<RowKey>(uint8, uint16));
    this.#sources = new StableMap({
      store,
      key,
      value: valueCodec<SourceRecord>({
        version: 1,
        fields: { report: record(sourceReportFields) },
      }),
      cachedValues: CACHED_ROWS,
    });
    this.#tokens = new StableMap({
      store,
      key,
      value: valueCodec<TokenRecord>({
        version: 1,
        fields: {
          evaluatedAtNs: bigint<TimestampNs>(),
          report: record(tokenReportFields),
          sourcesHash: bytes,
        },
      }),
      cachedValues: CACHED_ROWS,
    });
    this.#status = new StableMap({
      store,
      key,
      value: valueCodec<StatusRecord>({ version: 1, fields: { isOutdated: bool } }),
      cachedValues: 1,
    });
  }

  /** The configuration is another one since the last evaluation. */
  isOutdated(): boolean {
    return this.#status.get([STATUS_ROW, 0])?.isOutdated ?? true;
  }

  markOutdated(): void {
    this.#status.set([STATUS_ROW, 0], { isOutdated: true });
  }

  save(evaluation: Evaluation, hashOf: (report: TokenReport) => Uint8Array): void {
    for (const [index, report] of evaluation.sources.entries()) {
      this.#sources.set([SOURCE_ROW, index], { report });
    }
    for (const [index, report] of evaluation.tokens.entries()) {
      const evaluatedAtNs = evaluation.atNs;
      this.#tokens.set([TOKEN_ROW, index], { evaluatedAtNs, report, sourcesHash: hashOf(report) });
    }
    if (this.isOutdated()) this.#status.set([STATUS_ROW, 0], { isOutdated: false });
  }

  /** Undefined for a token that was configured after the last evaluation. */
  token(index: number): TokenRecord | undefined {
    return this.#tokens.get([TOKEN_ROW, index]);
  }

  /** The last evaluation of as many sources and tokens as it had; undefined if there was none. */
  evaluation(configured: {
    readonly sources: number;
    readonly tokens: number;
  }): Evaluation | undefined {
    const sources = upTo(configured.sources, (index) => this.#sources.get([SOURCE_ROW, index]));
    const tokens = upTo(configured.tokens, (index) => this.token(index));
    if (tokens.length === 0) return undefined;
    const { evaluatedAtNs } = present(tokens.at(-1), 'an evaluation has tokens');
    return {
      atNs: evaluatedAtNs,
      sources: sources.map(({ report }) => report),
      tokens: tokens.map(({ report }) => report),
    };
  }
}

/** Rows are written from the first on, so the first missing one is behind the last. */
function upTo<T>(count: number, read: (index: number) => T | undefined): T[] {
  const found: T[] = [];
  for (let index = 0; index < count; index += 1) {
    const row = read(index);
    if (row === undefined) break;
    found.push(row);
  }
  return found;
}
