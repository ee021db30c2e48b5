import { IDL } from '@dfinity/candid';
import type { NativeContext } from '../../core/native.ts';
import { utf8 } from '../../crypto/bytes.ts';
import { encodeCbor } from '../../crypto/cbor.ts';
import { hashTreeToCbor } from '../../crypto/hash-tree-cbor.ts';
import { leaf } from '../../crypto/hash-tree.ts';
import { forestOf, type Forest } from '../../crypto/label-forest.ts';
import { witness } from '../../crypto/witness.ts';
import { IcpXdrConversionRate } from './cmc-idl.ts';

const NS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_DAY = 86_400n;
/** How often the CMC asks for a new rate. */
const REFRESH_SECONDS = 300n;
const AVERAGE_DAYS = 30n;

const CYCLES_PER_XDR = 1_000_000_000_000n;
const E8S_PER_ICP = 100_000_000n;
const PERMYRIAD = 10_000n;

const LABELS = {
  current: utf8('ICP_XDR_CONVERSION_RATE'),
  average: utf8('AVERAGE_ICP_XDR_CONVERSION_RATE'),
} as const;

export interface WireRate {
  readonly timestamp_seconds: bigint;
  readonly xdr_permyriad_per_icp: bigint;
}

export const RatesSnapshot = IDL.Record({
  current: IcpXdrConversionRate,
  average: IcpXdrConversionRate,
  daily: IDL.Vec(IcpXdrConversionRate),
});

export interface RatesValue {
  readonly current: WireRate;
  readonly average: WireRate;
  readonly daily: readonly WireRate[];
}

/**
 * The ICP/XDR rate, its 30-day average and their certification. The real CMC asks the exchange
 * rate canister; here the rate stays as set and only its timestamp is renewed.
 */
export class ConversionRates {
  #current: WireRate;
  #average: WireRate;
  /** The first rate of each of the last days. */
  #daily: WireRate[] = [];

  constructor(initial: { readonly nowNs: bigint; readonly xdrPermyriadPerIcp: bigint }) {
    this.#current = {
      timestamp_seconds: refreshTime(initial.nowNs),
      xdr_permyriad_per_icp: initial.xdrPermyriadPerIcp,
    };
    this.#average = this.#current;
    this.#noteDay();
  }

  get current(): WireRate {
    return this.#current;
  }

  /** When the timestamp is to be renewed next. */
  get nextRefreshNs(): bigint {
    return (this.#current.timestamp_seconds + REFRESH_SECONDS) * NS_PER_SECOND;
  }

  refresh(nowNs: bigint): void {
    const timestampSeconds = refreshTime(nowNs);
    if (timestampSeconds <= this.#current.timestamp_seconds) return;
    this.#current = { ...this.#current, timestamp_seconds: timestampSeconds };
    this.#noteDay();
  }

  /** Sets a new rate, or says why not. */
  set(rate: WireRate): string | undefined {
    if (rate.xdr_permyriad_per_icp === 0n) {
      return 'Proposed conversion rate must be greater than 0';
    }
    if (rate.timestamp_seconds <= this.#current.timestamp_seconds) {
      return 'Proposed conversion rate must have greater timestamp than current one';
    }
    this.#current = {
      timestamp_seconds: rate.timestamp_seconds,
      xdr_permyriad_per_icp: rate.xdr_permyriad_per_icp,
    };
    this.#noteDay();
    return undefined;
  }

  /** As `set`, dated now, or a second after the last rate if that is later. */
  setNow(permyriad: bigint, nowNs: bigint): string | undefined {
    const nowSeconds = nowNs / NS_PER_SECOND;
    const earliest = this.#current.timestamp_seconds + 1n;
    return this.set({
      timestamp_seconds: nowSeconds > earliest ? nowSeconds : earliest,
      xdr_permyriad_per_icp: permyriad,
    });
  }

  toCycles(amountE8s: bigint): bigint {
    const { xdr_permyriad_per_icp: rate } = this.#current;
    return (amountE8s * rate * CYCLES_PER_XDR) / (E8S_PER_ICP * PERMYRIAD);
  }

  certify(context: NativeContext): void {
    context.setCertifiedData(this.#tree().hash);
  }

  /** A rate with the proof that this canister certified it. */
  certified(context: NativeContext, which: keyof typeof LABELS): Record<string, unknown> {
    return {
      data: which === 'current' ? this.#current : this.#average,
      hash_tree: encodeCbor(hashTreeToCbor(witness(this.#tree(), [[LABELS[which]]]))),
      certificate: context.dataCertificate() ?? new Uint8Array(),
    };
  }

  save(): RatesValue {
    return { current: this.#current, average: this.#average, daily: this.#daily };
  }

  load(value: RatesValue): void {
    this.#current = value.current;
    this.#average = value.average;
    this.#daily = [...value.daily];
  }

  #tree(): Forest {
    return forestOf([
      [LABELS.current, leaf(IDL.encode([IcpXdrConversionRate], [this.#current]))],
      [LABELS.average, leaf(IDL.encode([IcpXdrConversionRate], [this.#average]))],
    ]);
  }

  /** The first rate of a day counts for the average, and the average changes once a day. */
  #noteDay(): void {
    const today = dayOf(this.#current);
    if (this.#daily.some((rate) => dayOf(rate) === today)) return;
    this.#daily = [...this.#daily, this.#current].filter(
      (rate) => dayOf(rate) > today - AVERAGE_DAYS,
    );
    const sum = this.#daily.reduce((total, rate) => total + rate.xdr_permyriad_per_icp, 0n);
    this.#average = {
      timestamp_seconds: today * SECONDS_PER_DAY,
      xdr_permyriad_per_icp: sum / BigInt(this.#daily.length),
    };
  }
}

function dayOf(rate: WireRate): bigint {
  return rate.timestamp_seconds / SECONDS_PER_DAY;
}

function refreshTime(nowNs: bigint): bigint {
  const seconds = nowNs / NS_PER_SECOND;
  return seconds - (seconds % REFRESH_SECONDS);
}
