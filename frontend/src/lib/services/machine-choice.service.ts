import type { Rental } from '../api/wire.ts';
import { archText, coresText, countryName, memoryText } from './market-words.service.ts';

/** A machine of an offer. It is rented by its number. */
export interface MachineRow {
  readonly index: number;
  readonly type: string;
  readonly location: string;
  readonly image: string;
  /** Undefined if the cloud does not sell it any more. */
  readonly spec: Rental.MachineSpec | undefined;
  /** Why it cannot be had now; undefined if it can. */
  readonly whyNot: string | undefined;
}

/** What somebody narrowed it down to; what is empty may be anything. */
export interface MachineFilter {
  readonly type: string;
  readonly location: string;
  readonly image: string;
}

export const ANY_MACHINE: MachineFilter = { type: '', location: '', image: '' };

/** A value of a select, with why it cannot be chosen now. */
export interface MachineOption {
  readonly value: string;
  readonly whyNot: string | undefined;
}

type Part = keyof MachineFilter;

/** What a recipe's version needs of a machine. */
type Needs = Pick<Rental.RecipeVersion, 'min_machine' | 'images'>;

/**
 * An offer's machines in its order of preference. One that the recipe's version does not run on cannot
 * be had either.
 */
export function machineRows(
  machines: Rental.OfferingView['machines'],
  needs: Needs | undefined,
): readonly MachineRow[] {
  return machines.map(({ choice, spec: [spec], is_orderable: isOrderable, reason }, index) => {
    const misfit = spec === undefined || needs === undefined ? undefined : misfitOf(needs, spec);
    return {
      index,
      type: choice.machine_type,
      location: choice.location,
      image: choice.image,
      spec,
      whyNot: isOrderable ? misfit : reason,
    };
  });
}

/** The values of a select: all that the offer has, greyed where nothing fits the other selects. */
export function optionsOf(
  rows: readonly MachineRow[],
  asked: { readonly part: Part; readonly filter: MachineFilter },
): readonly MachineOption[] {
  const { part, filter } = asked;
  const values = [...new Set(rows.map((row) => row[part]))];
  return values.map((value) => {
    const fitting = rows.filter((row) => fits(row, { ...filter, [part]: value }));
    if (fitting.some((row) => row.whyNot === undefined)) return { value, whyNot: undefined };
    return { value, whyNot: fitting[0]?.whyNot ?? notTogether(part, filter) };
  });
}

/** The machine that is rented: of those that fit, the first that can be had. */
export function chosenRow(
  rows: readonly MachineRow[],
  filter: MachineFilter,
): MachineRow | undefined {
  return rows.find((row) => row.whyNot === undefined && fits(row, filter));
}

/**
 * What can be had instead of what was wanted, the nearest first: the same type elsewhere, another type
 * at the same place (the next larger one before smaller ones), then the rest in the offer's order.
 */
export function alternativesTo(
  rows: readonly MachineRow[],
  wanted: { readonly filter: MachineFilter; readonly spec: Rental.MachineSpec | undefined },
): readonly MachineRow[] {
  const { filter, spec } = wanted;
  return rows
    .filter((row) => row.whyNot === undefined && !fits(row, filter))
    .map((row) => ({ row, distance: distanceOf(row, filter, spec) }))
    .sort((one, other) => one.distance - other.distance || one.row.index - other.row.index)
    .map(({ row }) => row);
}

/** The filter that means exactly this machine. */
export function filterOf({ type, location, image }: MachineRow): MachineFilter {
  return { type, location, image };
}

/** `2 cores · 4 GB memory · 40 GB disk · x86`. */
export function specText(
  spec: Pick<Rental.MachineSpec, 'cores' | 'memory_mb' | 'disk_gb' | 'arch'>,
): string {
  const { cores, memory_mb: memoryMb, disk_gb: diskGb, arch } = spec;
  const memory = `${memoryText(memoryMb)} memory`;
  return [coresText(cores), memory, `${diskGb} GB disk`, archText(arch)].join(' · ');
}

/** `Falkenstein, Germany (fsn1)`; only what is known and is not said twice. */
export function placeText(place: {
  readonly location: string;
  readonly city?: string | undefined;
  readonly country?: string | undefined;
}): string {
  const { location, city = '', country = '' } = place;
  const name = city === '' || city === location ? location : city;
  const start = country === '' ? name : `${name}, ${countryName(country)}`;
  return name === location ? start : `${start} (${location})`;
}

function fits(row: MachineRow, filter: MachineFilter): boolean {
  return (
    (filter.type === '' || filter.type === row.type) &&
    (filter.location === '' || filter.location === row.location) &&
    (filter.image === '' || filter.image === row.image)
  );
}

function notTogether(part: Part, { type, location }: MachineFilter): string {
  if (part === 'location') return type === '' ? 'not offered' : `not offered with ${type}`;
  return location === '' ? 'not offered' : `not offered in ${location}`;
}

/** Why a version does not run on a machine; undefined if it does. */
export function misfitOf(
  { min_machine: min, images }: Needs,
  spec: Rental.MachineSpec,
): string | undefined {
  if (spec.cores < min.cores) return `the recipe needs ${min.cores} cores`;
  if (spec.memory_mb < min.memory_mb)
    return `the recipe needs ${memoryText(min.memory_mb)} of memory`;
  if (spec.disk_gb < min.disk_gb) return `the recipe needs ${min.disk_gb} GB of disk`;
  const [arch] = Object.keys(spec.arch);
  const archs = min.archs.flatMap((one) => Object.keys(one));
  if (archs.length > 0 && !archs.includes(arch ?? ''))
    return `the recipe does not run on ${arch ?? ''}`;
  if (images.length > 0 && !images.includes(spec.image)) {
    return `the recipe does not run on ${spec.image}`;
  }
  return undefined;
}

function distanceOf(
  row: MachineRow,
  filter: MachineFilter,
  wanted: Rental.MachineSpec | undefined,
): number {
  if (filter.type !== '' && row.type === filter.type) return 0;
  if (filter.location !== '' && row.location !== filter.location) return 4;
  if (wanted === undefined || row.spec === undefined) return 3;
  const isEnough = row.spec.cores >= wanted.cores && row.spec.memory_mb >= wanted.memory_mb;
  return isEnough ? 1 : 2;
}
