/** A version number. Source: semver.org 2.0.0; without build metadata, of which nothing depends. */
export interface Semver {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The parts of `-rc.1`; none for a release. */
  readonly preRelease: readonly (string | number)[];
}

const MAX_LENGTH = 32;
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MAX_DIGITS = 9;

/** Reads exactly what semver.org allows, up to 32 characters; undefined for anything else. */
export function parseSemver(text: string): Semver | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const dash = text.indexOf('-');
  const numbers = (dash < 0 ? text : text.slice(0, dash)).split('.').map(parseNumber);
  const [major, minor, patch] = numbers;
  if (numbers.length !== 3 || major === undefined) return undefined;
  if (minor === undefined || patch === undefined) return undefined;
  const preRelease = dash < 0 ? [] : parsePreRelease(text.slice(dash + 1));
  return preRelease === undefined ? undefined : { major, minor, patch, preRelease };
}

function parsePreRelease(text: string): readonly (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  for (const part of text.split('.')) {
    const parsed = isOf(part, DIGITS) ? parseNumber(part) : part;
    if (parsed === undefined || !isOf(part, `${DIGITS}${LETTERS}-`)) return undefined;
    parts.push(parsed);
  }
  return parts;
}

/** No leading zeros, and no more digits than any version has. */
function parseNumber(text: string): number | undefined {
  if (!isOf(text, DIGITS) || text.length > MAX_DIGITS) return undefined;
  return text.length > 1 && text.startsWith('0') ? undefined : Number(text);
}

function isOf(text: string, alphabet: string): boolean {
  for (const char of text) if (!alphabet.includes(char)) return false;
  return text !== '';
}

/** Negative if `one` comes before `other`, 0 if they are the same. */
export function compareSemver(one: Semver, other: Semver): number {
  return (
    one.major - other.major ||
    one.minor - other.minor ||
    one.patch - other.patch ||
    comparePreReleases(one.preRelease, other.preRelease)
  );
}

/** A release comes after its pre-releases; numbers before words; more parts after fewer. */
function comparePreReleases(
  one: readonly (string | number)[],
  other: readonly (string | number)[],
): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [index, part] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    if (part !== against) return compareParts(part, against);
  }
  return one.length - other.length;
}

function compareParts(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
  return one < other ? -1 : 1;
}

/** True for a release that may stand in for `from`: semver `^from`. Never a pre-release. */
export function isCompatible(version: Semver, from: Semver): boolean {
  if (version.preRelease.length > 0 || compareSemver(version, from) < 0) return false;
  if (version.major !== from.major) return false;
  if (from.major > 0) return true;
  if (version.minor !== from.minor) return false;
  return from.minor > 0 || version.patch === from.patch;
}
