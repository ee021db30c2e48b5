import { present } from '@decent-cloud/domain/assert.ts';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { VersionRange } from '../market/offering.ts';
import type { MinMachine, VersionStatus } from './recipe.ts';
import { compareSemver, isCompatible, parseSemver, type Semver } from './semver.ts';

type Status = VersionStatus['kind'];

/** What has to be known of all versions of a recipe at once; a version's number is its place. */
export interface VersionIndex {
  readonly semvers: readonly string[];
  readonly statuses: readonly Status[];
  readonly breaking: readonly boolean[];
  /** What the recipe is shown with: the highest release that is not yanked, published ones first. */
  readonly current: CurrentVersion | undefined;
}

/** All but what follows from it. */
export type Versions = Omit<VersionIndex, 'current'>;

export interface CurrentVersion {
  readonly number: number;
  readonly semver: string;
  readonly publishedAt: TimestampNs;
  readonly minMachine: MinMachine;
}

export type UnresolvedRange =
  { readonly kind: 'no-such-version' } | { readonly kind: 'yanked'; readonly number: number };

export type PublishRefusal =
  | { readonly kind: 'conflict' }
  /** Within a major number versions only go up. */
  | { readonly kind: 'not-above'; readonly last: string };

/** Of a recipe without versions. */
export const NO_VERSIONS: VersionIndex = {
  semvers: [],
  statuses: [],
  breaking: [],
  current: undefined,
};

/** Whether a version may be published next. */
export function checkNextSemver(
  index: VersionIndex,
  semver: string,
): Result<Semver, PublishRefusal> {
  const next = parsed(semver);
  if (index.semvers.includes(semver)) return err({ kind: 'conflict' });
  const last = index.semvers.findLast((other) => parsed(other).major === next.major);
  if (last === undefined || compareSemver(next, parsed(last)) > 0) return ok(next);
  return err({ kind: 'not-above', last });
}

/**
 * The version that a range means now. A range takes the highest release that is published, and one
 * that is deprecated only if there is no other; never a pre-release. A pin takes what it names.
 */
export function numberInRange(
  index: VersionIndex,
  range: VersionRange,
): Result<number, UnresolvedRange> {
  return range.kind === 'pinned'
    ? resolvePin(index, range.version)
    : resolveCompatible(index, range.from);
}

function resolvePin({ semvers, statuses }: VersionIndex, version: string) {
  const number = semvers.indexOf(version);
  if (number < 0) return err({ kind: 'no-such-version' } as const);
  return statuses[number] === 'yanked' ? err({ kind: 'yanked', number } as const) : ok(number);
}

function resolveCompatible(index: VersionIndex, text: string): Result<number, UnresolvedRange> {
  const from = parseSemver(text);
  if (from === undefined) return err({ kind: 'no-such-version' });
  const number = bestOf(index, (version) => isCompatible(version, from));
  if (number !== undefined) return ok(number);
  const yanked = index.semvers.findLastIndex((other) => isCompatible(parsed(other), from));
  return err(yanked < 0 ? { kind: 'no-such-version' } : { kind: 'yanked', number: yanked });
}

/** The version that a recipe is shown with. */
export function currentNumber(index: Versions): number | undefined {
  return bestOf(index, ({ preRelease }) => preRelease.length === 0);
}

/** Versions after `from` up to `to` that may still be run, the newest first. */
export function versionsBetween(
  index: VersionIndex,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const versions = index.semvers.map((semver, number) => ({ number, version: parsed(semver) }));
  const first = present(versions[from], 'a version is not in its index').version;
  const last = present(versions[to], 'a version is not in its index').version;
  return versions
    .filter(({ number }) => index.statuses[number] !== 'yanked' || number === to)
    .filter(({ version }) => compareSemver(version, first) > 0 && compareSemver(version, last) <= 0)
    .sort((one, other) => compareSemver(other.version, one.version))
    .map(({ number }) => number);
}

/** True if `to` is the higher version. */
export function isAbove(
  { semvers }: VersionIndex,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const before = semvers[from];
  const next = semvers[to];
  if (before === undefined || next === undefined) return false;
  return compareSemver(parsed(next), parsed(before)) > 0;
}

/** The highest of those that are published; else of those that are deprecated. */
function bestOf(index: Versions, fits: (version: Semver) => boolean): number | undefined {
  return (
    highest(index, { status: 'published', fits }) ?? highest(index, { status: 'deprecated', fits })
  );
}

function highest(
  { semvers, statuses }: Versions,
  asked: { readonly status: Status; readonly fits: (version: Semver) => boolean },
): number | undefined {
  let best: { readonly number: number; readonly version: Semver } | undefined;
  for (const [number, semver] of semvers.entries()) {
    if (statuses[number] !== asked.status) continue;
    const version = parsed(semver);
    if (!asked.fits(version)) continue;
    if (best === undefined || compareSemver(version, best.version) > 0) best = { number, version };
  }
  return best?.number;
}

/** Versions are checked before they are stored. */
function parsed(semver: string): Semver {
  return present(parseSemver(semver), 'a stored version is none');
}
