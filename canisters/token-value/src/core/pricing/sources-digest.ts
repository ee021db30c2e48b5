import { present } from '@decent-cloud/domain/assert.ts';
import type { TokenAsset } from '../sources/price-source.ts';
import type { PricedToken, SourceReport } from './report.ts';

/**
 * The bytes whose hash pins a quote to the prices it was made of. Length of the ledger id (1 byte),
 * the ledger id, then big-endian: decimals (1), time (8), quote price (16), number of sources (1),
 * and for each counted source, ascending: id (8), time of its newest sample (8), spot, median of
 * the hour, median of the day (16 each). About 60 bytes for each source; hash it outside.
 */
export function sourcesDigestInput(input: {
  readonly token: TokenAsset;
  readonly price: PricedToken;
  readonly sources: readonly SourceReport[];
}): Uint8Array {
  const { token, price, sources } = input;
  const ledger = token.ledger.toUint8Array();
  const writer = new Writer(1 + ledger.length + 26 + price.countedSources.length * 64);
  writer.byte(ledger.length);
  writer.raw(ledger);
  writer.byte(token.decimals);
  writer.uint64(price.atNs);
  writer.uint128(price.quotePriceE18);
  writer.byte(price.countedSources.length);
  for (const id of price.countedSources) {
    const source = sources.find((one) => one.id === id);
    const windows = present(source?.windows, 'a counted source has no samples');
    writer.uint64(BigInt(id));
    writer.uint64(present(source?.newestAtNs, 'a counted source has no samples'));
    writer.uint128(windows.spot);
    writer.uint128(windows.medianHour);
    writer.uint128(windows.medianDay);
  }
  return writer.bytes;
}

class Writer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  byte(value: number): void {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
  }

  raw(value: Uint8Array): void {
    this.bytes.set(value, this.#at);
    this.#at += value.length;
  }

  uint64(value: bigint): void {
    this.#view.setBigUint64(this.#at, value);
    this.#at += 8;
  }

  uint128(value: bigint): void {
    this.uint64(value >> 64n);
    this.uint64(BigInt.asUintN(64, value));
  }
}
