import type { Result } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import {
  bool,
  count,
  fromWire,
  list,
  literals,
  nanoseconds,
  nat32,
  optional,
  record,
  text,
} from '@decent-cloud/kit/wire/wire.ts';
import type {
  Arch,
  CloudLocation,
  MachineChoice,
  MachineImage,
  MachineSpec,
  MachineType,
  TypeAtLocation,
} from '../../core/market/catalogue.ts';
import { CATALOGUE_LIMITS, type CatalogueInput } from '../../core/market/check-catalogue.ts';
import type { CatalogueReceipt } from '../../flows/market/publish-catalogue.flow.ts';
import type { CataloguePage, CatalogueRequest } from '../../flows/market/read-catalogue.ts';
import type { RentalError } from '../../flows/rental-errors.ts';

export const arch = literals<Arch>(['x86', 'arm']);

const location = record<CloudLocation>({ name: text, city: text, country: text, zone: text });

const image = record<MachineImage>({
  name: text,
  archs: list(arch),
  unavailableAfter: optional(nanoseconds),
});

const typeAt = record<TypeAtLocation>({
  location: text,
  isAvailable: bool,
  unavailableAfter: optional(nanoseconds),
  pricePerMonth: text,
});

const size = { arch, cores: nat32, memoryMb: nat32, diskGb: nat32 };
const machineType = record<MachineType>({ name: text, ...size, at: list(typeAt) });

const choiceFields = { machineType: text, location: text, image: text };
export const machineChoice = record<MachineChoice>(choiceFields);
export const machineSpec = record<MachineSpec>({ ...choiceFields, ...size, country: text });

export const catalogueInput = record<CatalogueInput>({
  cloudAccountId: count,
  readAt: nanoseconds,
  currency: text,
  locations: list(location),
  images: list(image),
  types: list(machineType),
});

export const catalogueReceipt = record<CatalogueReceipt>({
  readAt: nanoseconds,
  staleAt: nanoseconds,
  changes: count,
});

export const catalogueRequest = record<CatalogueRequest>({
  cloudAccountId: count,
  from: optional(count),
  limit: nat32,
});

export const cataloguePage = record<CataloguePage>({
  readAt: nanoseconds,
  isStale: bool,
  currency: text,
  locations: list(location),
  images: list(image),
  types: list(machineType),
  next: optional(count),
});

interface WireCatalogue {
  readonly locations: readonly unknown[];
  readonly images: readonly unknown[];
  readonly types: readonly { readonly at: readonly unknown[] }[];
}

/** Counts before contents: taking apart what is far too much would cost more than refusing it. */
export function catalogueFromWire(raw: WireCatalogue): Result<CatalogueInput, RentalError> {
  const most = CATALOGUE_LIMITS;
  for (const argument of ['locations', 'images', 'types'] as const) {
    if (raw[argument].length <= most[argument]) continue;
    return invalidArgument({ argument, rule: `must be at most ${most[argument]}` });
  }
  if (raw.types.some(({ at }) => at.length > most.locations)) {
    const rule = `a type must be at no more than ${most.locations} locations`;
    return invalidArgument({ argument: 'types', rule });
  }
  return { kind: 'ok', value: fromWire(catalogueInput, raw) };
}
