import { isoDay } from '@decent-cloud/domain/utc-time.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs, elapsed, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type {
  CloudLocation,
  MachineChoice,
  MachineImage,
  MachineSpec,
  MachineType,
} from './catalogue.ts';

/** What was read longer ago says nothing about stock. */
export const STALE_AFTER = durationNs({ minutes: 15 });

/** Why nothing of a stale catalogue can be had. */
export const STALE_REASON = 'what this cloud has in stock was not read within the last 15 minutes';

/** A catalogue by name. */
export interface CatalogueLookup {
  readonly type: (name: string) => MachineType | undefined;
  readonly image: (name: string) => MachineImage | undefined;
  readonly location: (name: string) => CloudLocation | undefined;
}

/** Why a choice cannot be had. What is `unknown` was never there or does not fit together. */
export interface NotOrderable {
  readonly kind: 'unknown' | 'retired' | 'sold-out';
  /** For people. */
  readonly reason: string;
}

export function isStale(readAt: TimestampNs, now: TimestampNs): boolean {
  return elapsed(readAt, now) > STALE_AFTER;
}

/**
 * The machine that a choice names, whether or not it is to be had now; refuses what cannot exist.
 */
export function specOfChoice(
  catalogue: CatalogueLookup,
  choice: MachineChoice,
): Result<MachineSpec, NotOrderable> {
  const type = catalogue.type(choice.machineType);
  if (type === undefined)
    return refuse('unknown', `${choice.machineType} is not sold by this cloud`);
  const location = catalogue.location(choice.location);
  if (location === undefined) {
    return refuse('unknown', `this cloud has no location ${choice.location}`);
  }
  if (!type.at.some((at) => at.location === location.name)) {
    return refuse('unknown', `${type.name} is not sold in ${placeName(location)}`);
  }
  const image = catalogue.image(choice.image);
  if (image === undefined) return refuse('unknown', `this cloud has no image ${choice.image}`);
  if (!image.archs.includes(type.arch)) {
    const reason = `the image ${image.name} does not run on ${type.name}, which is ${type.arch}`;
    return refuse('unknown', reason);
  }
  const { arch, cores, memoryMb, diskGb } = type;
  const { country } = location;
  return ok({ ...picked(choice), arch, cores, memoryMb, diskGb, country });
}

/** The machine that a choice names, if it can be ordered now. */
export function orderable(
  catalogue: CatalogueLookup,
  choice: MachineChoice,
  now: TimestampNs,
): Result<MachineSpec, NotOrderable> {
  const spec = specOfChoice(catalogue, choice);
  if (spec.kind === 'err') return spec;
  const location = catalogue.location(choice.location);
  const at = catalogue.type(choice.machineType)?.at.find((one) => one.location === choice.location);
  const place = location === undefined ? choice.location : placeName(location);
  const until = at?.unavailableAfter;
  if (until !== undefined && until <= now) {
    return refuse('retired', `${choice.machineType} was retired in ${place} on ${isoDay(until)}`);
  }
  const imageUntil = catalogue.image(choice.image)?.unavailableAfter;
  if (imageUntil !== undefined && imageUntil <= now) {
    return refuse('retired', `the image ${choice.image} was retired on ${isoDay(imageUntil)}`);
  }
  if (at?.isAvailable !== true) {
    return refuse('sold-out', `${choice.machineType} is sold out in ${place} now`);
  }
  return spec;
}

/** `Ashburn (ash)`: people know the city, clouds know the name. */
function placeName({ city, name }: CloudLocation): string {
  return city === '' || city === name ? name : `${city} (${name})`;
}

function picked({ machineType: type, location, image }: MachineChoice): MachineChoice {
  return { machineType: type, location, image };
}

function refuse(kind: NotOrderable['kind'], reason: string): Result<never, NotOrderable> {
  return err({ kind, reason });
}
