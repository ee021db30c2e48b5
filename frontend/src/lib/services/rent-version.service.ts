import type { Rental } from '../api/wire.ts';

type Version = Pick<Rental.RecipeVersion, 'number' | 'semver' | 'status'>;

interface Semver {
  readonly numbers: readonly [number, number, number];
  readonly isRelease: boolean;
}

/** A release has no pre-release behind it; a pinned version may have one. Source: semver.org 2.0.0. */
const SEMVER = /^(\d+)\.(\d+)\.(\d+)(-.+)?$/;

/**
 * The version that an offer means now: the one that is pinned, else the highest published release that
 * is compatible, else the highest deprecated one. Undefined if there is none or it was withdrawn.
 */
export function offeredVersion<V extends Version>(
  versions: readonly V[],
  range: Rental.OfferedRecipe['range'],
): V | undefined {
  if ('Pinned' in range) {
    const pinned = versions.find(({ semver }) => semver === range.Pinned.version);
    return pinned !== undefined && 'Yanked' in pinned.status ? undefined : pinned;
  }
  const from = parseSemver(range.Compatible.from);
  if (from === undefined) return undefined;
  const fitting = versions.filter(({ semver }) => isCompatible(parseSemver(semver), from));
  return (
    highest(fitting.filter(({ status }) => 'Published' in status)) ??
    highest(fitting.filter(({ status }) => 'Deprecated' in status))
  );
}

/** `1.4.2`, or `1.4.2 or newer`. */
export function rangeText(range: Rental.OfferedRecipe['range']): string {
  return 'Pinned' in range ? range.Pinned.version : `${range.Compatible.from} or newer`;
}

function highest<V extends Version>(versions: readonly V[]): V | undefined {
  let best: V | undefined;
  for (const version of versions) {
    if (best === undefined || compare(version.semver, best.semver) > 0) best = version;
  }
  return best;
}

function compare(one: string, other: string): number {
  const first = parseSemver(one)?.numbers ?? [0, 0, 0];
  const second = parseSemver(other)?.numbers ?? [0, 0, 0];
  return first[0] - second[0] || first[1] - second[1] || first[2] - second[2];
}

function isCompatible(version: Semver | undefined, from: Semver): boolean {
  if (version?.isRelease !== true) return false;
  const [major, minor, patch] = version.numbers;
  const [fromMajor, fromMinor, fromPatch] = from.numbers;
  if (major !== fromMajor) return false;
  if (fromMajor > 0) return minor > fromMinor || (minor === fromMinor && patch >= fromPatch);
  if (minor !== fromMinor) return false;
  return fromMinor > 0 ? patch >= fromPatch : patch === fromPatch;
}

function parseSemver(text: string): Semver | undefined {
  const match = SEMVER.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', preRelease] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    isRelease: preRelease === undefined,
  };
}
