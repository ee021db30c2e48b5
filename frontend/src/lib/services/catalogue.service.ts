import { isoDay } from '@decent-cloud/domain/utc-time.ts';
import type { Rental } from '../api/wire.ts';
import { archText, coresText, memoryText } from './market-words.service.ts';
import { misfitOf, type MachineFilter, type MachineOption } from './machine-choice.service.ts';
import { armOf } from './variant.service.ts';

/** All that a cloud account can order. */
export interface CatalogueFacts {
  readonly currency: string;
  readonly locations: readonly Rental.CloudLocation[];
  readonly images: readonly Rental.MachineImage[];
  readonly types: readonly Rental.MachineType[];
  /** Nothing can be rented by a reading that is too old. */
  readonly isStale: boolean;
  readonly readAtMs: number;
}

/** What a recipe's version needs of a machine. */
export type RecipeNeeds = Pick<Rental.RecipeVersion, 'min_machine' | 'images'>;

/** What the pair is judged by. */
export interface Asked {
  readonly needs: RecipeNeeds | undefined;
  readonly nowNs: bigint;
}

/** A machine as the catalogue has it. */
export interface CatalogueMachine {
  readonly spec: Rental.MachineSpec;
  /** For a month, net, as the cloud writes it. */
  readonly pricePerMonth: string;
}

type Place = Rental.TypeAtLocation;

/** Undefined if the cloud sells no such machine. */
export function machineOf(
  catalogue: CatalogueFacts,
  choice: Rental.MachineChoice,
): CatalogueMachine | undefined {
  const type = catalogue.types.find(({ name }) => name === choice.machine_type);
  const at = type?.at.find(({ location }) => location === choice.location);
  const location = catalogue.locations.find(({ name }) => name === choice.location);
  const image = catalogue.images.find(({ name }) => name === choice.image);
  if (type === undefined || at === undefined) return undefined;
  if (location === undefined || image === undefined || !runsOn(image, type)) return undefined;
  const { arch, cores, memory_mb, disk_gb } = type;
  const spec = { ...choice, arch, cores, memory_mb, disk_gb, country: location.country };
  return { spec, pricePerMonth: at.price_per_month };
}

/** Why the machine cannot be ordered now, or the recipe does not run on it; undefined if all is well. */
export function whyNotMachine(
  catalogue: CatalogueFacts,
  choice: Rental.MachineChoice,
  { needs, nowNs }: Asked,
): string | undefined {
  const { machine_type: name, location, image: imageName } = choice;
  const type = catalogue.types.find((one) => one.name === name);
  if (type === undefined) return `${name} is not sold by this cloud`;
  const image = catalogue.images.find((one) => one.name === imageName);
  if (image === undefined) return `this cloud has no image ${imageName}`;
  if (!runsOn(image, type)) return `the image does not run on ${archText(type.arch)}`;
  const place = type.at.find((at) => at.location === location);
  const machine = machineOf(catalogue, choice);
  if (place === undefined || machine === undefined) return `not sold in ${location}`;
  const misfit = needs === undefined ? undefined : misfitOf(needs, machine.spec);
  return misfit ?? whyNotThere(place, nowNs) ?? retiredText(image, nowNs);
}

/** Types to choose from, greyed where they cannot be had at the chosen location or with the image. */
export function typeOptions(
  catalogue: CatalogueFacts,
  picked: MachineFilter,
  asked: Asked,
): readonly MachineOption[] {
  return catalogue.types.map((type) => ({
    value: type.name,
    whyNot:
      typeMisfit(catalogue, { type, image: picked.image }, asked.needs) ??
      whyNotAt(type, picked.location, asked.nowNs),
  }));
}

/** Locations to choose from, greyed where the chosen type cannot be had. */
export function locationOptions(
  catalogue: CatalogueFacts,
  picked: MachineFilter,
  asked: Asked,
): readonly MachineOption[] {
  const type = catalogue.types.find(({ name }) => name === picked.type);
  return catalogue.locations.map(({ name }) => ({
    value: name,
    whyNot:
      type === undefined
        ? catalogue.types.some((one) => whyNotAt(one, name, asked.nowNs) === undefined)
          ? undefined
          : 'everything is sold out'
        : whyNotAt(type, name, asked.nowNs),
  }));
}

/** Images to choose from, greyed where they do not run on the chosen type or the recipe not on them. */
export function imageOptions(
  catalogue: CatalogueFacts,
  picked: MachineFilter,
  { needs, nowNs }: Asked,
): readonly MachineOption[] {
  const type = catalogue.types.find(({ name }) => name === picked.type);
  const wanted = needs?.images ?? [];
  return catalogue.images.map((image) => ({
    value: image.name,
    whyNot:
      retiredText(image, nowNs) ??
      (type !== undefined && !runsOn(image, type)
        ? `does not run on ${archText(type.arch)}`
        : wanted.length > 0 && !wanted.includes(image.name)
          ? 'the recipe does not run on it'
          : undefined),
  }));
}

/** `cx23 — 2 cores, 4 GB, 40 GB disk, x86`. */
export function typeText(type: Rental.MachineType): string {
  const { name, cores, memory_mb: memoryMb, disk_gb: diskGb, arch } = type;
  const facts = [coresText(cores), memoryText(memoryMb), `${diskGb} GB disk`, archText(arch)];
  return `${name} — ${facts.join(', ')}`;
}

/** `EUR 3.49`: exact, without the zeros that clouds write behind it. */
export function cloudPriceText(currency: string, price: string): string {
  const [whole = '', fraction = ''] = price.split('.');
  const digits = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${currency} ${whole}.${digits}`;
}

function typeMisfit(
  { images }: CatalogueFacts,
  pair: { readonly type: Rental.MachineType; readonly image: string },
  needs: RecipeNeeds | undefined,
): string | undefined {
  const { type } = pair;
  const image = images.find(({ name }) => name === pair.image);
  if (image !== undefined && !runsOn(image, type)) return `${image.name} does not run on it`;
  if (needs === undefined) return undefined;
  const { arch, cores, memory_mb, disk_gb } = type;
  const anyImage = needs.images[0] ?? '';
  const place = { machine_type: type.name, location: '', country: '', image: anyImage };
  return misfitOf(needs, { ...place, arch, cores, memory_mb, disk_gb });
}

function whyNotAt(type: Rental.MachineType, location: string, nowNs: bigint): string | undefined {
  if (location === '') {
    if (type.at.length === 0) return 'not sold';
    const isSomewhere = type.at.some((at) => whyNotThere(at, nowNs) === undefined);
    return isSomewhere ? undefined : 'sold out everywhere';
  }
  const place = type.at.find((at) => at.location === location);
  return place === undefined ? `not sold in ${location}` : whyNotThere(place, nowNs);
}

function whyNotThere(place: Place, nowNs: bigint): string | undefined {
  const [until] = place.unavailable_after_ns;
  if (until !== undefined && until <= nowNs) return `retired ${isoDay(until)}`;
  return place.is_available ? undefined : 'sold out now';
}

function retiredText(image: Rental.MachineImage, nowNs: bigint): string | undefined {
  const [until] = image.unavailable_after_ns;
  return until !== undefined && until <= nowNs ? `image retired ${isoDay(until)}` : undefined;
}

function runsOn(image: Rental.MachineImage, type: Rental.MachineType): boolean {
  return image.archs.some((arch) => armOf(arch) === armOf(type.arch));
}
