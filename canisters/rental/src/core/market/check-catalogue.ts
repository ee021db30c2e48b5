import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId } from '../ids.ts';
import { firstTrouble, isMadeOf, isWhole, textTrouble, type Trouble } from '../text-rules.ts';
import type { CloudLocation, MachineImage, MachineType, TypeAtLocation } from './catalogue.ts';

/** All that a cloud account can order, as an agent has read it. */
export interface CatalogueInput {
  readonly cloudAccountId: CloudAccountId;
  readonly readAt: TimestampNs;
  readonly currency: string;
  readonly locations: readonly CloudLocation[];
  readonly images: readonly MachineImage[];
  readonly types: readonly MachineType[];
}

/** How much a catalogue may hold; the search index has room for exactly these numbers. */
export const CATALOGUE_LIMITS = {
  types: 300,
  locations: 60,
  images: 200,
  cores: 1_023,
  memoryMb: 2 ** 24 - 1,
  diskGb: 2 ** 20 - 1,
  name: 64,
} as const;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const MAX_PRICE_DIGITS = 24;

/** What is wrong with a catalogue; counts before contents. */
export function catalogueTrouble(catalogue: CatalogueInput): Trouble {
  return countTrouble(catalogue) ?? placeTrouble(catalogue) ?? offerTrouble(catalogue);
}

function countTrouble({ types, locations, images }: CatalogueInput): Trouble {
  const most = CATALOGUE_LIMITS;
  if (types.length > most.types) return tooMany('types', most.types);
  if (locations.length > most.locations) return tooMany('locations', most.locations);
  if (images.length > most.images) return tooMany('images', most.images);
  return undefined;
}

function placeTrouble({ currency, locations }: CatalogueInput): Trouble {
  if (currency.length !== 3 || !isMadeOf(currency, UPPER)) {
    return { argument: 'currency', rule: 'must be three capital letters, like EUR' };
  }
  return (
    nameTrouble('locations', locations) ??
    firstTrouble(locations, ({ name, city, country, zone }) => {
      if (country.length !== 2 || !isMadeOf(country, UPPER)) {
        return {
          argument: 'locations',
          rule: `the country of ${name} must be two capital letters`,
        };
      }
      return (
        textTrouble(city, { argument: 'locations', max: CATALOGUE_LIMITS.name }) ??
        textTrouble(zone, { argument: 'locations', max: CATALOGUE_LIMITS.name })
      );
    })
  );
}

function offerTrouble({ locations, images, types }: CatalogueInput): Trouble {
  const known = new Set(locations.map(({ name }) => name));
  return (
    nameTrouble('images', images) ??
    firstTrouble(images, ({ name, archs }) =>
      archs.length < 1 || archs.length > 2
        ? { argument: 'images', rule: `${name} must name one or two architectures` }
        : undefined,
    ) ??
    nameTrouble('types', types) ??
    firstTrouble(types, (type) => typeTrouble(type, known))
  );
}

function typeTrouble(type: MachineType, known: ReadonlySet<string>): Trouble {
  const { name, cores, memoryMb, diskGb, at } = type;
  const most = CATALOGUE_LIMITS;
  const isSized =
    isWhole(cores, { from: 1, to: most.cores }) &&
    isWhole(memoryMb, { from: 1, to: most.memoryMb }) &&
    isWhole(diskGb, { from: 0, to: most.diskGb });
  if (!isSized) {
    const memory = `1 to ${most.memoryMb} MB of memory`;
    const disk = `at most ${most.diskGb} GB of disk`;
    const rule = `${name} must have 1 to ${most.cores} cores, ${memory} and ${disk}`;
    return { argument: 'types', rule };
  }
  if (at.length > most.locations) return tooMany('types', most.locations);
  if (new Set(at.map(({ location }) => location)).size !== at.length) {
    return { argument: 'types', rule: `${name} names a location twice` };
  }
  return firstTrouble(at, (place) => typeAtTrouble(name, { place, known }));
}

function typeAtTrouble(
  name: string,
  { place, known }: { readonly place: TypeAtLocation; readonly known: ReadonlySet<string> },
): Trouble {
  if (!known.has(place.location)) {
    return { argument: 'types', rule: `${name} is at a location that is not in the catalogue` };
  }
  return isPrice(place.pricePerMonth)
    ? undefined
    : { argument: 'types', rule: `the price of ${name} must be digits with at most one dot` };
}

/** Prices stay text: digits, perhaps a dot and digits. */
function isPrice(text: string): boolean {
  if (text.length > MAX_PRICE_DIGITS) return false;
  const [whole = '', ...fractions] = text.split('.');
  const isFraction = fractions.every((part) => part !== '' && isMadeOf(part, DIGITS));
  return whole !== '' && isMadeOf(whole, DIGITS) && fractions.length <= 1 && isFraction;
}

function nameTrouble(argument: string, items: readonly { readonly name: string }[]): Trouble {
  const names = items.map(({ name }) => name);
  if (new Set(names).size !== names.length) {
    return { argument, rule: 'a name is there twice' };
  }
  return firstTrouble(names, (name) =>
    textTrouble(name, { argument, min: 1, max: CATALOGUE_LIMITS.name }),
  );
}

function tooMany(argument: string, most: number): Trouble {
  return { argument, rule: `must be at most ${most}` };
}
