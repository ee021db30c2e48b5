import { timestampNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import { uint16 } from '@decent-cloud/kit/keys/integer-keys.ts';
import { composite, keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import type { StableStore } from '@decent-cloud/kit/store/stable-store.port.ts';
import type { PricePoint } from '../core/history/price-history.ts';
import type { PriceE18 } from '../core/units.ts';

/** A point for each five minutes; a row holds the twelve of an hour, so that a month is 720 rows. */
const POINT_NS = 300n * 1_000_000_000n;
const POINTS_PER_ROW = 12n;
const ROW_NS = POINT_NS * POINTS_PER_ROW;
/** Thirty days. Then the oldest hour's row is used again. */
const ROWS = 30n * 24n;

/** Eight bytes of time and sixteen of price, big-endian. */
const POINT_BYTES = 24;
const ROW_BYTES = POINT_BYTES * Number(POINTS_PER_ROW);
const PRICE_MAX = 2n ** 128n - 1n;
const WORD_BITS = 64n;

/** `token` is its row number. */
const rowKey = keyCodec(composite(uint16, uint16));

/** The prices of the last thirty days. A token that had no price leaves a gap. */
export class HistoryStore {
  readonly #store: StableStore;

  constructor(store: StableStore) {
    this.#store = store;
  }

  /** One row written. A second point of the same five minutes replaces the first. */
  record(token: number, { atNs, priceE18 }: PricePoint): void {
    if (priceE18 > PRICE_MAX) return;
    const key = rowKey.encode([token, Number((atNs / ROW_NS) % ROWS)]);
    const row = this.#store.get(key) ?? new Uint8Array(ROW_BYTES);
    const view = new DataView(row.buffer, row.byteOffset, ROW_BYTES);
    const at = Number((atNs / POINT_NS) % POINTS_PER_ROW) * POINT_BYTES;
    view.setBigUint64(at, atNs);
    view.setBigUint64(at + 8, priceE18 >> WORD_BITS);
    view.setBigUint64(at + 16, BigInt.asUintN(64, priceE18));
    this.#store.insert(key, row);
  }

  /** Points from `fromNs` on and before `toNs` that are kept at `nowNs`, oldest first. */
  points(
    token: number,
    range: { readonly fromNs: bigint; readonly toNs: bigint; readonly nowNs: TimestampNs },
  ): readonly PricePoint[] {
    const oldestRow = range.nowNs / ROW_NS - (ROWS - 1n);
    const [firstWanted, newestRow] = [range.fromNs / ROW_NS, range.nowNs / ROW_NS];
    const lastWanted = (range.toNs - 1n) / ROW_NS;
    const last = lastWanted < newestRow ? lastWanted : newestRow;
    const found: PricePoint[] = [];
    for (let hour = firstWanted > oldestRow ? firstWanted : oldestRow; hour <= last; hour += 1n) {
      this.#collect(token, hour, (point) => {
        if (point.atNs >= range.fromNs && point.atNs < range.toNs) found.push(point);
      });
    }
    return found;
  }

  /** Points that the row still holds of thirty days before are left out. */
  #collect(token: number, hour: bigint, found: (point: PricePoint) => void): void {
    const row = this.#store.get(rowKey.encode([token, Number(hour % ROWS)]));
    if (row === undefined) return;
    const view = new DataView(row.buffer, row.byteOffset, ROW_BYTES);
    for (let at = 0; at < ROW_BYTES; at += POINT_BYTES) {
      const atNs = view.getBigUint64(at);
      if (atNs / ROW_NS !== hour) continue;
      const price = (view.getBigUint64(at + 8) << WORD_BITS) + view.getBigUint64(at + 16);
      found({ atNs: timestampNs(atNs), priceE18: price as PriceE18 });
    }
  }
}
