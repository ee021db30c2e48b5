import { divFloor, parseDecimal, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import { PLATFORM_FEE_BPS } from '@decent-cloud/domain/fees.ts';
import type { Rental } from '../api/wire.ts';
import {
  cloudPriceText,
  machineOf,
  whyNotMachine,
  type Asked,
  type CatalogueFacts,
  type CatalogueMachine,
} from './catalogue.service.ts';
import { bpsText, usdText } from './format.service.ts';
import { archText, coresText, memoryText } from './market-words.service.ts';
import { pricesOf } from './rent-term.service.ts';

/** A machine of an offer that is being written. */
export interface OfferedMachine {
  readonly choice: Rental.MachineChoice;
  /** Undefined if the cloud sells no such machine. */
  readonly machine: CatalogueMachine | undefined;
  /** What stands in the way of renting it now. */
  readonly trouble: string | undefined;
  /** The offer cannot be saved with it. */
  readonly isBlocking: boolean;
}

/**
 * The offer's machines as the catalogue has them now. Sold out does not keep an offer from being saved,
 * except for a first machine that was not in it before.
 */
export function offeredMachines(
  catalogue: CatalogueFacts,
  choices: readonly Rental.MachineChoice[],
  asked: Asked & { readonly before: readonly Rental.MachineChoice[] },
): readonly OfferedMachine[] {
  return choices.map((choice, index) => {
    const machine = machineOf(catalogue, choice);
    const trouble = whyNotMachine(catalogue, choice, asked);
    const isMisfit =
      machine !== undefined &&
      asked.needs !== undefined &&
      trouble !== whyNotMachine(catalogue, choice, { ...asked, needs: undefined });
    const isFirstAndNew = index === 0 && !asked.before.some((one) => isSameChoice(one, choice));
    const isBlocking =
      trouble !== undefined && (machine === undefined || isMisfit || isFirstAndNew);
    return { choice, machine, trouble, isBlocking };
  });
}

/** One machine in both. */
export function isSameChoice(one: Rental.MachineChoice, other: Rental.MachineChoice): boolean {
  return (
    one.machine_type === other.machine_type &&
    one.location === other.location &&
    one.image === other.image
  );
}

/** The list with one entry moved by one place; the same list if it is at the end already. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const result = [...list];
  const one = result[index];
  const other = result[index + by];
  if (one === undefined || other === undefined) return result;
  result[index] = other;
  result[index + by] = one;
  return result;
}

const ALL_BPS = 10_000n;

/** Of a price what the seller gets once all of it has vested, rounded down. */
export function sellerPart(priceUsdE8: bigint, authorBps: number): bigint {
  const kept = ALL_BPS - BigInt(PLATFORM_FEE_BPS) - BigInt(authorBps);
  return divFloor({ dividend: priceUsdE8 * kept, divisor: ALL_BPS });
}

/** What the cloud asks for the machines of an offer, for a month and net. */
export interface CloudCost {
  readonly currency: string;
  /** `EUR 3.49`, or `EUR 3.49 to 5.20`. */
  readonly text: string;
  /** The dearest, in US dollars × 10^8; undefined in another currency: rates are not guessed. */
  readonly dearestUsdE8: bigint | undefined;
}

/** Clouds write more digits than dollars have. */
const DECIMALS = 12;
const USD_DECIMALS = 8;

/** Undefined without machines that the cloud sells. */
export function cloudCost(
  currency: string,
  machines: readonly (CatalogueMachine | undefined)[],
): CloudCost | undefined {
  const prices = machines
    .flatMap((machine) => (machine === undefined ? [] : [machine.pricePerMonth]))
    .flatMap((text) => {
      const parsed = parseDecimal<UsdE8>({ text, decimals: DECIMALS });
      return parsed.kind === 'ok' ? [{ text, amount: parsed.value }] : [];
    })
    .sort((one, other) => (one.amount < other.amount ? -1 : one.amount > other.amount ? 1 : 0));
  const least = prices[0];
  const most = prices.at(-1);
  if (least === undefined || most === undefined) return undefined;
  const from = cloudPriceText(currency, least.text);
  const to = cloudPriceText(currency, most.text);
  const scale = 10n ** BigInt(DECIMALS - USD_DECIMALS);
  return {
    currency,
    text: from === to ? from : `${from} to ${to.slice(currency.length + 1)}`,
    dearestUsdE8: currency === 'USD' ? most.amount / scale : undefined,
  };
}

/** `2 cores, 4 GB memory, 20 GB disk, x86`: what a recipe needs at least. */
export function needsText({ cores, memory_mb, disk_gb, archs }: Rental.MinMachine): string {
  const facts = [coresText(cores), `${memoryText(memory_mb)} memory`, `${disk_gb} GB disk`];
  const names = archs.map((arch) => archText(arch));
  return [...facts, ...(names.length === 0 ? [] : [names.join(' or ')])].join(', ');
}

/** A line about a price: what it is, how much, and what to know. */
export interface PriceFact {
  readonly label: string;
  readonly value: string;
  readonly small?: string | undefined;
}

const HOUR_DIGITS = 4;

/** What a price means for renter and seller, beside what the cloud asks. */
export function priceFacts(offer: {
  readonly priceUsdE8: bigint | undefined;
  readonly authorBps: number;
  readonly cost: CloudCost | undefined;
}): readonly PriceFact[] {
  const { priceUsdE8: price, authorBps, cost } = offer;
  const facts: PriceFact[] = [];
  if (price !== undefined) {
    const { hour, day } = pricesOf(price);
    facts.push({
      label: 'Shown as',
      value: `${usdText(price)} a month`,
      small: `${usdText(day)} a day · ${usdText(hour, HOUR_DIGITS)} an hour`,
    });
    facts.push({
      label: 'Yours of a whole month',
      value: usdText(sellerPart(price, authorBps)),
      small: `platform ${bpsText(PLATFORM_FEE_BPS)}, recipe’s author ${bpsText(authorBps)}`,
    });
  }
  if (cost === undefined) return facts;
  facts.push({
    label: 'The cloud asks of you',
    value: `${cost.text} a month`,
    small: 'net, as the cloud lists it; taxes and extras come on top',
  });
  if (cost.dearestUsdE8 === undefined) {
    facts.push({
      label: 'Your margin',
      value: 'not computed',
      small: `You are paid by US dollars and billed in ${cost.currency}: compare at the rate that your bank gives you.`,
    });
  } else if (price !== undefined) {
    const left = sellerPart(price, authorBps) - cost.dearestUsdE8;
    facts.push({ label: 'Left of a month at least', value: usdText(left) });
  }
  return facts;
}
