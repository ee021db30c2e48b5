import {
  BACKEND_NAMES,
  priceOf,
  priceText,
  type BackendName,
  type MarketFilter,
} from './market-filter.service.ts';
import { BACKEND_WORDS, countryName } from './market-words.service.ts';

/** The filter as it stands in a form: everything is text, empty for "any". */
export interface FilterForm {
  readonly words: string;
  /** Empty, `bare`, or the number of a recipe. */
  readonly kind: string;
  readonly backend: string;
  readonly country: string;
  readonly location: string;
  readonly arch: string;
  readonly cores: string;
  readonly memory: string;
  readonly disk: string;
  readonly price: string;
  readonly trust: string;
}

export interface FormChoice {
  readonly value: string;
  readonly label: string;
}

const CORES = [2, 4, 8, 16, 32];
const MEMORY_GB = [2, 4, 8, 16, 32, 64];
const DISK_GB = [20, 40, 80, 160, 320, 640];
const TRUST = [30, 50, 70, 90];
const ANY: FormChoice = { value: '', label: 'Any' };

export function formOf(filter: MarketFilter): FilterForm {
  return {
    words: filter.words,
    kind: filter.isBare ? 'bare' : textOf(filter.recipeId),
    backend: filter.backend ?? '',
    country: filter.country ?? '',
    location: filter.location ?? '',
    arch: filter.arch ?? '',
    cores: textOf(filter.minCores),
    memory: textOf(filter.minMemoryGb),
    disk: textOf(filter.minDiskGb),
    price: filter.maxPriceUsdE8 === undefined ? '' : priceText(filter.maxPriceUsdE8),
    trust: textOf(filter.minTrust),
  };
}

/** What a form asks for; `base` has what is not in the form. A wrong price does not matter. */
export function filterOfForm(form: FilterForm, base: MarketFilter): MarketFilter {
  const isBare = form.kind === 'bare';
  return {
    ...base,
    words: form.words,
    isBare,
    recipeId: isBare || form.kind === '' ? undefined : BigInt(form.kind),
    backend: BACKEND_NAMES.find((name) => name === form.backend),
    country: form.country || undefined,
    location: form.location.trim() || undefined,
    arch: form.arch === 'X86' || form.arch === 'Arm' ? form.arch : undefined,
    minCores: numberOf(form.cores),
    minMemoryGb: numberOf(form.memory),
    minDiskGb: numberOf(form.disk),
    maxPriceUsdE8: priceOf(form.price),
    minTrust: numberOf(form.trust),
  };
}

/** What is wrong with the price that was typed, and how to make it right. */
export function priceTrouble(text: string): string | undefined {
  if (text.trim() === '' || priceOf(text) !== undefined) return undefined;
  return 'Type dollars such as 12 or 12.50; it is left out until then.';
}

/** Numbers to choose from; one that is in the address is among them. */
export function coreChoices(chosen: string): FormChoice[] {
  return numberChoices(CORES, { chosen, label: (cores) => `${cores} +` });
}

export function memoryChoices(chosen: string): FormChoice[] {
  return numberChoices(MEMORY_GB, { chosen, label: (gb) => `${gb} GB +` });
}

export function diskChoices(chosen: string): FormChoice[] {
  return numberChoices(DISK_GB, { chosen, label: (gb) => `${gb} GB +` });
}

export function trustChoices(chosen: string): FormChoice[] {
  return numberChoices(TRUST, { chosen, label: (trust) => `${trust} of 100 or more` });
}

export function backendChoices(): FormChoice[] {
  const label = (name: BackendName): string => BACKEND_WORDS[name];
  return [ANY, ...BACKEND_NAMES.map((name) => ({ value: name, label: label(name) }))];
}

/** Those where something is offered, and the one that is chosen. */
export function countryChoices(offered: readonly string[], chosen: string): FormChoice[] {
  const codes = chosen === '' || offered.includes(chosen) ? offered : [...offered, chosen];
  const named = codes.map((code) => ({ value: code, label: countryName(code) }));
  return [ANY, ...named.sort((one, other) => one.label.localeCompare(other.label))];
}

export function recipeChoices(names: ReadonlyMap<bigint, string>, chosen: string): FormChoice[] {
  const known = [...names].map(([id, name]) => ({ value: id.toString(), label: name }));
  const isKnown = chosen === '' || chosen === 'bare' || known.some(({ value }) => value === chosen);
  return [
    { value: '', label: 'Anything' },
    { value: 'bare', label: 'A bare machine' },
    ...known.sort((one, other) => one.label.localeCompare(other.label)),
    ...(isKnown ? [] : [{ value: chosen, label: `Recipe ${chosen}` }]),
  ];
}

function numberChoices(
  numbers: readonly number[],
  { chosen, label }: { readonly chosen: string; readonly label: (value: number) => string },
): FormChoice[] {
  const own = numberOf(chosen);
  const all = own === undefined || numbers.includes(own) ? numbers : [...numbers, own];
  const sorted = [...all].sort((one, other) => one - other);
  return [ANY, ...sorted.map((value) => ({ value: value.toString(), label: label(value) }))];
}

function textOf(value: bigint | number | undefined): string {
  return value === undefined ? '' : value.toString();
}

function numberOf(text: string): number | undefined {
  return text === '' ? undefined : Number(text);
}
