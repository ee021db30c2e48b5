import type { Image } from '../catalogue/images.ts';
import { LOCATIONS, locationOf, type Location } from '../catalogue/locations.ts';
import { CURRENCY, hourlyPriceOf, priceOf, VAT_RATE, type Price } from '../catalogue/prices.ts';
import { SERVER_TYPES, type ServerType } from '../catalogue/server-types.ts';
import type { Stock } from '../catalogue/stock.ts';

export type Json = Readonly<Record<string, unknown>>;

const TERABYTE = 1_099_511_627_776;
const TRAFFIC_TB: Readonly<Record<string, number>> = { 'eu-central': 20, 'ap-southeast': 0.5 };
const TRAFFIC_TB_ELSEWHERE = 1;
const IPV4_MONTHLY_NET = '0.50';
const TRAFFIC_NET = '1.00';
const VOLUME_NET = '0.0572';

export function serverTypeJson(type: ServerType, stock: Stock): Json {
  return {
    id: type.id,
    name: type.name,
    description: type.name.toUpperCase(),
    category: type.category,
    cores: type.cores,
    memory: type.memoryGb,
    disk: type.diskGb,
    storage_type: 'local',
    cpu_type: type.cpuType,
    architecture: type.architecture,
    deprecated: false,
    deprecation: null,
    prices: pricesJson(type),
    locations: type.locations.map(({ name, deprecation }) => ({
      id: locationOf(name).id,
      name,
      deprecation,
      available: stock.at(type.name, name)?.available ?? false,
      recommended: stock.at(type.name, name)?.available ?? false,
    })),
  };
}

/** Also where it is not sold any more: a price is no sign that something can be ordered. */
function pricesJson(type: ServerType): readonly Json[] {
  return type.locations.map(({ name }) => ({
    location: name,
    price_hourly: hourlyPriceOf(type.monthlyNet),
    price_monthly: priceOf(type.monthlyNet),
    included_traffic: includedTraffic(name),
    price_per_tb_traffic: priceOf(TRAFFIC_NET),
  }));
}

export function includedTraffic(location: string): number {
  return (TRAFFIC_TB[locationOf(location).network_zone] ?? TRAFFIC_TB_ELSEWHERE) * TERABYTE;
}

export function imageJson(image: Image): Json {
  return {
    id: image.id,
    type: 'system',
    status: 'available',
    name: image.name,
    description: image.description,
    image_size: null,
    disk_size: image.diskSizeGb,
    created: image.created,
    created_from: null,
    bound_to: null,
    os_flavor: image.flavor,
    os_version: image.version,
    architecture: image.architecture,
    rapid_deploy: true,
    protection: { delete: false },
    deprecated: image.deprecated,
    deleted: null,
    labels: {},
  };
}

/** One per location, as it was before data centres went. */
export function datacenterJson(location: Location, stock: Stock): Json {
  const sold = SERVER_TYPES.filter((type) => stock.at(type.name, location.name) !== undefined);
  const available = sold.filter((type) => stock.at(type.name, location.name)?.available);
  return {
    id: location.id,
    name: `${location.name}-dc1`,
    description: `${location.city} 1 virtual DC 1`,
    location,
    server_types: {
      supported: sold.map(({ id }) => id),
      available: available.map(({ id }) => id),
      available_for_migration: available.map(({ id }) => id),
    },
  };
}

export function pricingJson(): Json {
  const everywhere = (price: Readonly<Record<string, Price>>): readonly Json[] =>
    LOCATIONS.map(({ name }) => ({ location: name, ...price }));
  const ipv4 = {
    price_hourly: hourlyPriceOf(IPV4_MONTHLY_NET),
    price_monthly: priceOf(IPV4_MONTHLY_NET),
  };
  const free = { price_hourly: priceOf('0'), price_monthly: priceOf('0') };
  return {
    currency: CURRENCY,
    vat_rate: VAT_RATE,
    server_types: SERVER_TYPES.map((type) => ({
      id: type.id,
      name: type.name,
      prices: pricesJson(type),
    })),
    primary_ips: [
      { type: 'ipv4', prices: everywhere(ipv4) },
      { type: 'ipv6', prices: everywhere(free) },
    ],
    volume: { price_per_gb_month: priceOf(VOLUME_NET) },
    server_backup: { percentage: '20.000000' },
    floating_ips: [],
    load_balancer_types: [],
  };
}
