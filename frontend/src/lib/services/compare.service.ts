import type { Rental } from '../api/wire.ts';
import { bpsText, durationText, usdText } from './format.service.ts';
import {
  archText,
  backendText,
  countryName,
  memoryText,
  readyWords,
  successWords,
  trustWords,
} from './market-words.service.ts';

/** One machine of one offer. */
export interface CompareKey {
  readonly offeringId: bigint;
  readonly choiceIndex: number;
}

export interface CompareItem extends CompareKey {
  readonly view: Rental.OfferingView;
  /** Undefined for a bare machine. */
  readonly recipeName: string | undefined;
}

export interface CompareCell {
  readonly text: string;
  /** The best of a row in which they differ. */
  readonly isBest: boolean;
}

export interface CompareRow {
  readonly label: string;
  readonly cells: readonly CompareCell[];
  /** All cells say the same. */
  readonly isSame: boolean;
}

export const MAX_COMPARED = 4;
export const MAX_MONTHS = 12;
const NS_IN_SECOND = 1_000_000_000n;
const MONTH_NS = 30n * 24n * 3_600n * NS_IN_SECOND;

/** `3.0,5.1`: offer 3 with its first machine, offer 5 with its second. What is malformed is left out. */
export function compareKeysOf(text: string | null): CompareKey[] {
  const keys: CompareKey[] = [];
  for (const part of text?.split(',') ?? []) {
    const match = /^(\d{1,19})\.(\d{1,2})$/.exec(part);
    if (match === null) continue;
    const key = { offeringId: BigInt(match[1] ?? ''), choiceIndex: Number(match[2]) };
    if (!keys.some((known) => isSameKey(known, key))) keys.push(key);
  }
  return keys.slice(0, MAX_COMPARED);
}

export function compareText(keys: readonly CompareKey[]): string {
  return keys.map(({ offeringId, choiceIndex }) => `${offeringId}.${choiceIndex}`).join(',');
}

export function isSameKey(one: CompareKey, other: CompareKey): boolean {
  return one.offeringId === other.offeringId && one.choiceIndex === other.choiceIndex;
}

/** The list with that machine, or without it if it is there. A full list stays as it is. */
export function toggled(keys: readonly CompareKey[], key: CompareKey): readonly CompareKey[] {
  const rest = keys.filter((known) => !isSameKey(known, key));
  if (rest.length < keys.length) return rest;
  return keys.length < MAX_COMPARED ? [...keys, key] : keys;
}

/** Whole months from 1 to 12 that an address says; 1 if it says nothing that makes sense. */
export function monthsOf(text: string | null): number {
  const months = /^\d{1,2}$/.test(text ?? '') ? Number(text) : 1;
  return months >= 1 && months <= MAX_MONTHS ? months : 1;
}

interface Line {
  readonly label: string;
  readonly text: (item: CompareItem, machine: Rental.MachineSpec | undefined) => string;
  /** The higher the better; undefined for what is not known. */
  readonly rank?: (
    item: CompareItem,
    machine: Rental.MachineSpec | undefined,
  ) => bigint | number | undefined;
}

/** One row for each thing that offers can differ in. */
export function compareRows(
  items: readonly CompareItem[],
  { months }: { readonly months: number },
): CompareRow[] {
  return linesOf(months).map(({ label, text, rank }) => {
    const texts = items.map((item) => text(item, machineOf(item)?.spec[0]));
    const ranks = items.map((item) => rank?.(item, machineOf(item)?.spec[0]));
    const known = ranks.filter((value) => value !== undefined);
    const best = known.reduce<bigint | number | undefined>(
      (top, value) => (top === undefined || value > top ? value : top),
      undefined,
    );
    const isSame = new Set(texts).size <= 1;
    return {
      label,
      isSame,
      cells: texts.map((cell, at) => ({
        text: cell,
        isBest: !isSame && best !== undefined && ranks[at] === best,
      })),
    };
  });
}

/** As the offer has it now. */
function machineOf(item: CompareItem): Rental.OfferingView['machines'][number] | undefined {
  return item.view.machines[item.choiceIndex];
}

function linesOf(months: number): Line[] {
  return [...moneyLines(months), ...machineLines(), ...runLines(), ...termLines()];
}

function moneyLines(months: number): Line[] {
  return [
    {
      label: 'Price a month',
      text: ({ view }) => usdText(view.offering.price_per_month_usd_e8),
      rank: ({ view }) => -view.offering.price_per_month_usd_e8,
    },
    {
      label: `Total for ${months} ${months === 1 ? 'month' : 'months'}`,
      text: (item) => totalText(item, months),
      rank: ({ view }) => -view.offering.price_per_month_usd_e8,
    },
  ];
}

/** Fees are inside the price: the renter pays this and the ledger's own transfer fee. */
function totalText({ view: { offering } }: CompareItem, months: number): string {
  const total = usdText(offering.price_per_month_usd_e8 * BigInt(months));
  if (BigInt(months) * MONTH_NS <= offering.max_term_ns) return total;
  return `${total}, of which ${spanText(offering.max_term_ns)} at first; then extend it`;
}

function machineLines(): Line[] {
  return [
    {
      label: 'Can be rented now',
      text: (item) => {
        const machine = machineOf(item);
        if (machine === undefined) return 'No: the offer has no such machine';
        return machine.is_orderable ? 'Yes' : `No: ${machine.reason}`;
      },
      rank: (item) => (machineOf(item)?.is_orderable === true ? 1 : 0),
    },
    {
      label: 'Cores',
      text: (_, machine) => machine?.cores.toString() ?? 'Not known',
      rank: (_, machine) => machine?.cores,
    },
    {
      label: 'Memory',
      text: (_, machine) => (machine === undefined ? 'Not known' : memoryText(machine.memory_mb)),
      rank: (_, machine) => machine?.memory_mb,
    },
    {
      label: 'Disk',
      text: (_, machine) => (machine === undefined ? 'Not known' : `${machine.disk_gb} GB`),
      rank: (_, machine) => machine?.disk_gb,
    },
    {
      label: 'Architecture',
      text: (_, machine) => (machine === undefined ? 'Not known' : archText(machine.arch)),
    },
    { label: 'Country', text: (_, machine) => countryName(machine?.country ?? 'Not known') },
    { label: 'Location', text: (item) => machineOf(item)?.choice.location ?? 'Not known' },
    { label: 'Machine type', text: (item) => machineOf(item)?.choice.machine_type ?? 'Not known' },
    { label: 'Image', text: (item) => machineOf(item)?.choice.image ?? 'Not known' },
    {
      label: 'Cloud',
      text: ({ view: { backend } }) => (backend[0] ? backendText(backend[0]) : 'Not known'),
    },
    { label: 'Recipe', text: ({ recipeName }) => recipeName ?? 'None: a bare machine' },
  ];
}

function runLines(): Line[] {
  return [
    {
      label: 'Time to ready',
      text: ({ view }) => readyWords(view.stats) ?? 'No runs yet',
      rank: ({ view }) => negated(view.stats.p50_seconds[0]),
    },
    {
      label: 'Success',
      text: ({ view }) => successWords(view.stats),
      rank: ({ view: { stats } }) =>
        stats.runs === 0n ? undefined : Number(stats.successes) / Number(stats.runs),
    },
    { label: 'Seller', text: ({ view }) => view.provider_name },
    {
      label: 'Trust in the seller',
      text: ({ view }) => trustWords(view.trust),
      rank: ({ view }) => view.trust[0],
    },
  ];
}

function termLines(): Line[] {
  return [
    {
      label: 'Shortest time',
      text: ({ view }) => spanText(view.offering.min_term_ns),
      rank: ({ view }) => -view.offering.min_term_ns,
    },
    {
      label: 'Longest time',
      text: ({ view }) => spanText(view.offering.max_term_ns),
      rank: ({ view }) => view.offering.max_term_ns,
    },
    {
      label: 'You pay at least, once it has started',
      text: ({ view }) => spanText(view.offering.notice_ns),
      rank: ({ view }) => -view.offering.notice_ns,
    },
    {
      label: 'Everything back if not ready within',
      text: ({ view }) => spanText(view.offering.provision_within_ns),
      rank: ({ view }) => -view.offering.provision_within_ns,
    },
    { label: 'Back to you for downtime', text: ({ view }) => slaText(view.offering.sla_credits) },
    {
      label: 'Extra back if the seller cancels',
      text: ({ view }) => bpsText(view.offering.provider_penalty_bps),
      rank: ({ view }) => view.offering.provider_penalty_bps,
    },
  ];
}

function slaText(credits: readonly Rental.SlaCredit[]): string {
  if (credits.length === 0) return 'Only the time it was down';
  return credits
    .map(({ below_ppm: below, credit_bps: credit }) => {
      return `${bpsText(credit)} below ${below / 10_000} %`;
    })
    .join(', ');
}

function spanText(ns: bigint): string {
  return durationText(Number(ns / NS_IN_SECOND));
}

function negated(value: bigint | undefined): bigint | undefined {
  return value === undefined ? undefined : -value;
}
