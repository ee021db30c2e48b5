import type { Rental } from '../api/wire.ts';
import { durationText, usdText } from './format.service.ts';
import type { ArchName, BackendName, SortName } from './market-filter.service.ts';
import { armOf } from './variant.service.ts';

/** What a price is shown for. A month is 30 days everywhere. */
export type PricePer = 'hour' | 'day' | 'month';

export const PRICE_PERS: readonly PricePer[] = ['hour', 'day', 'month'];

export const BACKEND_WORDS: Readonly<Record<BackendName, string>> = {
  Hetzner: 'Hetzner',
  Digitalocean: 'DigitalOcean',
  Vultr: 'Vultr',
  Docker: 'Docker (shared host)',
  Proxmox: 'Proxmox',
};
export const ARCH_WORDS: Readonly<Record<ArchName, string>> = { X86: 'x86', Arm: 'ARM' };
export const SORT_WORDS: Readonly<Record<SortName, string>> = {
  Price: 'Cheapest first',
  Speed: 'Fastest to ready first',
  Trust: 'Most trusted first',
};

const PARTS_OF_MONTH: Readonly<Record<PricePer, bigint>> = { hour: 720n, day: 30n, month: 1n };
const PER_TEXTS: Readonly<Record<PricePer, string>> = { hour: '/h', day: '/day', month: '/mo' };
const HOUR_DIGITS = 4;
const MB_IN_GB = 1_024;
/** The median is over the last so many successes. */
const MEDIAN_OF_LAST = 100n;
/** Nothing can be rented by a reading of the cloud that is older. */
const STALE_AFTER_MS = 15 * 60 * 1_000;
const TRUST_STEP = 10;

/** The part of a month's price, exact to 10^-8 dollars, rounded down. */
export function priceFor(perMonthUsdE8: bigint, per: PricePer): bigint {
  return perMonthUsdE8 / PARTS_OF_MONTH[per];
}

/** `$5.93` and `/mo`; an hour has four digits behind the point. */
export function priceWords(
  perMonthUsdE8: bigint,
  per: PricePer,
): { readonly price: string; readonly per: string } {
  const usdE8 = priceFor(perMonthUsdE8, per);
  const price = per === 'hour' ? usdText(usdE8, HOUR_DIGITS) : usdText(usdE8);
  return { price, per: PER_TEXTS[per] };
}

/** `Trust 87 of 100`, or `New seller`: nothing is made of no data. Never rounded up. */
export function trustWords([trust]: [] | [number]): string {
  return trust === undefined ? 'New seller' : `Trust ${Math.floor(trust / TRUST_STEP)} of 100`;
}

/** `4 GB`, `512 MB`, `1.5 GB`. */
export function memoryText(memoryMb: number): string {
  if (memoryMb < MB_IN_GB) return `${memoryMb} MB`;
  return `${(memoryMb / MB_IN_GB).toLocaleString('en', { maximumFractionDigits: 1 })} GB`;
}

export function coresText(cores: number): string {
  return `${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

export interface Runs {
  readonly runs: bigint;
  readonly successes: bigint;
  readonly p50_seconds: [] | [bigint];
}

/** `3 of 4 runs went well`; for none `No runs yet`. */
export function successWords({ runs, successes }: Pick<Runs, 'runs' | 'successes'>): string {
  if (runs === 0n) return 'No runs yet';
  return `${successes} of ${runs} ${runs === 1n ? 'run' : 'runs'} went well`;
}

/** `Ready in 2 min 5 s · median of 14 runs`; undefined while nothing is known. */
export function readyWords({ successes, p50_seconds: [p50] }: Runs): string | undefined {
  if (p50 === undefined) return undefined;
  const count = successes < MEDIAN_OF_LAST ? successes : MEDIAN_OF_LAST;
  const of = count === 1n ? 'one run' : `median of ${count} runs`;
  return `Ready in ${durationText(Number(p50))} · ${of}`;
}

/** The cloud's own name of the place and its country: `fsn1, Germany`. */
export function placeText(machine: Pick<Rental.MachineSpec, 'location' | 'country'>): string {
  return `${machine.location}, ${countryName(machine.country)}`;
}

/** In English; the code itself if it is none that is known. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code;
}

export function backendText(backend: Rental.Backend): string {
  return BACKEND_WORDS[armOf(backend)];
}

export function archText(arch: Rental.Arch): string {
  return ARCH_WORDS[armOf(arch)];
}

/** True if what the cloud can sell was read too long ago to rent by. */
export function isStale(readAtMs: number, nowMs: number): boolean {
  return nowMs - readAtMs > STALE_AFTER_MS;
}

/** `20+ offers`: pages do not say how many there are in all. */
export function countText(count: number, hasMore: boolean): string {
  return `${count}${hasMore ? '+' : ''} ${count === 1 && !hasMore ? 'offer' : 'offers'}`;
}

/** Where an offer is seen and rented, with that machine chosen. */
export function offerHref(offeringId: bigint, choiceIndex: number): string {
  return `/offers/${offeringId}?machine=${choiceIndex}`;
}
