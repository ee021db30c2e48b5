import type {
  CatalogueImage,
  CatalogueLocation,
  CatalogueType,
  CloudCatalogue,
  CloudServer,
  CloudServerStatus,
} from '../../ports/cloud.port.ts';
import type { Arch } from '../../core/job-work.ts';
import type { ImageRow, LocationRow, ServerRow, TypeRow } from './hetzner.schema.ts';

const STATUSES: Readonly<Record<string, CloudServerStatus>> = {
  initializing: 'starting',
  starting: 'starting',
  running: 'running',
  stopping: 'stopping',
  off: 'off',
  deleting: 'deleting',
};

const MB_PER_GB = 1_024;
const PRICE = /^\d+(\.\d+)?$/;
const MAX_PRICE_LENGTH = 24;
const COUNTRY = /^[A-Z]{2}$/;
/** hcloud-go and the Hetzner CLI: images can be ordered for three months after they are outdated. */
const MONTHS_AFTER_DEPRECATION = 3;

export function serverOf(row: ServerRow): CloudServer {
  return {
    externalId: row.id.toString(),
    name: row.name,
    status: STATUSES[row.status] ?? 'other',
    labels: row.labels,
    ipv4: row.public_net?.ipv4?.ip,
    ipv6: addressIn(row.public_net?.ipv6?.ip),
    createdAtMs: timeMs(row.created),
  };
}

/** Servers get a network of their own, `2001:db8:1:2::/64`, and its first address. */
function addressIn(network: string | undefined): string | undefined {
  const [prefix] = network?.split('/') ?? [];
  return prefix?.endsWith('::') === true ? `${prefix}1` : prefix;
}

/** What of Hetzner's lists can be ordered and told; what cannot be understood is left out. */
export function catalogueOf(read: {
  readonly currency: string;
  readonly locations: readonly LocationRow[];
  readonly types: readonly TypeRow[];
  readonly images: readonly ImageRow[];
}): CloudCatalogue {
  const locations = unique(read.locations.flatMap(locationOf));
  const known = new Set(locations.map(({ name }) => name));
  return {
    currency: read.currency,
    locations,
    types: unique(read.types.flatMap((row) => typeOf(row, known))),
    images: imagesOf(read.images),
  };
}

function locationOf({ name, city, country, network_zone: zone }: LocationRow): CatalogueLocation[] {
  return COUNTRY.test(country) ? [{ name, city, country, zone }] : [];
}

function typeOf(row: TypeRow, known: ReadonlySet<string>): CatalogueType[] {
  const arch = archOf(row.architecture);
  const memoryMb = Math.round(row.memory * MB_PER_GB);
  const isWhole = [row.cores, row.disk].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (arch === undefined || !isWhole || row.cores < 1 || memoryMb < 1) return [];
  const at = unique(row.locations).flatMap((place) => {
    const price = row.prices.find(({ location }) => location === place.name)?.price_monthly.net;
    if (price === undefined || !isPrice(price) || !known.has(place.name)) return [];
    // Where a type ends is told per location; before 2025-09 it was told for the type as a whole.
    const ends = place.deprecation === undefined ? row.deprecation : place.deprecation;
    return [
      {
        location: place.name,
        isAvailable: place.available,
        unavailableAfterMs: timeMs(ends?.unavailable_after),
        pricePerMonth: price,
      },
    ];
  });
  if (at.length === 0) return [];
  return [{ name: row.name, arch, cores: row.cores, memoryMb, diskGb: row.disk, at }];
}

/** Hetzner has one record per name and architecture. The earliest end counts. */
function imagesOf(rows: readonly ImageRow[]): CatalogueImage[] {
  const images = new Map<string, CatalogueImage>();
  for (const row of rows) {
    const arch = archOf(row.architecture);
    const isGone = row.status !== 'available' || typeof row.deleted === 'string';
    if (arch === undefined || isGone) continue;
    const before = images.get(row.name);
    const archs = new Set([...(before?.archs ?? []), arch]);
    const ends = [before?.unavailableAfterMs, endOf(row)].filter((time) => time !== undefined);
    const unavailableAfterMs = ends.length === 0 ? undefined : Math.min(...ends);
    images.set(row.name, { name: row.name, archs: [...archs], unavailableAfterMs });
  }
  return [...images.values()];
}

function endOf({ deprecated }: ImageRow): number | undefined {
  const sinceMs = timeMs(deprecated);
  if (sinceMs === undefined) return undefined;
  const end = new Date(sinceMs);
  return end.setUTCMonth(end.getUTCMonth() + MONTHS_AFTER_DEPRECATION);
}

function archOf(word: string): Arch | undefined {
  return word === 'x86' || word === 'arm' ? word : undefined;
}

function isPrice(text: string): boolean {
  return text.length <= MAX_PRICE_LENGTH && PRICE.test(text);
}

function timeMs(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function unique<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}
