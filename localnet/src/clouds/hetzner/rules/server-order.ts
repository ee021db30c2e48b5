import type { z } from 'zod';
import { ApiError, invalidInput, notFound, notSimulated } from '../api-error.ts';
import { IMAGES, type Image } from '../catalogue/images.ts';
import { LOCATIONS } from '../catalogue/locations.ts';
import { findServerType, type Architecture, type ServerType } from '../catalogue/server-types.ts';
import type { Stock } from '../catalogue/stock.ts';
import type { createServerSchema } from './server-fields.ts';

type CreateFields = z.output<typeof createServerSchema>;

/** What exactly is ordered. */
export interface Machine {
  readonly type: ServerType;
  readonly image: Image;
  readonly location: string;
}

/** Finds what an order names. Errors: `ApiError` if it cannot be ordered at all. */
export function resolveMachine(fields: CreateFields, stock: Stock): Machine {
  refuseUnknown(fields);
  const type = findServerType(fields.server_type);
  if (type === undefined) throw invalidInput({ server_type: ['server type not found'] });
  const image = findImage(fields.image, type.architecture);
  const location =
    typeof fields.location === 'string'
      ? locationNamed(fields.location)
      : (stock.anyLocationOf(type.name) ?? type.locations[0]?.name ?? '');
  if (stock.at(type.name, location) === undefined) throw unsupportedLocation();
  return { type, image, location };
}

/** Errors: `ApiError` if the cloud has none to give. */
export function refuseUnavailable({ type, location }: Machine, stock: Stock): void {
  switch (stock.at(type.name, location)?.orders) {
    case 'created':
      return;
    case 'resource_unavailable': {
      const isClosed = stock.isClosed(location);
      throw noCapacity(isClosed ? 'server location disabled' : 'error during placement');
    }
    default:
      throw unsupportedLocation();
  }
}

/** By name, for the architecture of the server; or by id, which must fit. Errors: `ApiError`. */
export function findImage(idOrName: string, architecture: Architecture): Image {
  const named = IMAGES.filter((one) => one.name === idOrName || one.id.toString() === idOrName);
  if (named.length === 0) throw invalidInput({ image: ['image not found'] });
  const image = named.find((one) => one.architecture === architecture);
  if (image === undefined) {
    throw invalidInput({ image: [`image is not available for the architecture ${architecture}`] });
  }
  return image;
}

export function noCapacity(message: string, code = 'resource_unavailable'): ApiError {
  return new ApiError(412, code, message);
}

function locationNamed(idOrName: string): string {
  const location = LOCATIONS.find((one) => one.name === idOrName || one.id.toString() === idOrName);
  if (location === undefined) throw invalidInput({ location: ['location not found'] });
  return location.name;
}

/** It comes without naming fields. */
function unsupportedLocation(): ApiError {
  return new ApiError(422, 'invalid_input', 'unsupported location for server type', {});
}

function refuseUnknown(fields: CreateFields): void {
  if (fields.datacenter !== undefined) throw invalidInput({ datacenter: ['Unknown field.'] });
  if ((fields.networks ?? []).length > 0) throw notSimulated('networks');
  if ((fields.volumes ?? []).length > 0) throw notSimulated('volumes');
  if (typeof fields.placement_group === 'number') throw notSimulated('placement groups');
  const { ipv4, ipv6 } = fields.public_net ?? {};
  for (const id of [ipv4, ipv6]) {
    if (typeof id === 'number') throw notFound('primary IP', id.toString());
  }
}
