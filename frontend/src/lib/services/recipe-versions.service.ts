import { compareVersions, validateStrict } from 'compare-versions';

const MAX_LENGTH = 32;
const MAX_DIGITS = 9;

/** The highest first, by semver.org, not by when they were published. */
export function sortedVersions<T extends { readonly semver: string }>(versions: readonly T[]): T[] {
  return [...versions].sort((one, other) => compareVersions(other.semver, one.semver));
}

/** `1.4.2` or `2.0.0-rc.1`: what the canister takes, without build metadata. */
export function isSemver(text: string): boolean {
  const isShort = text.length <= MAX_LENGTH && !text.includes('+') && !text.startsWith('v');
  return isShort && validateStrict(text) && !new RegExp(`\\d{${MAX_DIGITS + 1}}`).test(text);
}

export interface SemverSuggestion {
  readonly semver: string;
  /** When to take it. */
  readonly when: string;
}

/** What may follow: above the highest release, by what kind of change it is. */
export function semverSuggestions(semvers: readonly string[]): SemverSuggestion[] {
  const [highest] = sortedVersions(semvers.map((semver) => ({ semver })));
  if (highest === undefined) {
    return [
      { semver: '1.0.0', when: 'Ready for everybody' },
      { semver: '0.1.0', when: 'Still being tried out' },
    ];
  }
  const [core = '', preRelease] = highest.semver.split(/-(.*)/s);
  const [major = 0, minor = 0, patch = 0] = core.split('.').map(Number);
  const released = preRelease === undefined ? [] : [{ semver: core, when: 'The release itself' }];
  return [
    ...released,
    { semver: `${major}.${minor}.${patch + 1}`, when: 'Something is mended' },
    { semver: `${major}.${minor + 1}.0`, when: 'Something is added' },
    { semver: `${major + 1}.0.0`, when: 'Something works differently' },
  ];
}

/** What is wrong with the number of a next version, in words for its author. */
export function semverTrouble(text: string, published: readonly string[]): string | undefined {
  if (!isSemver(text)) {
    return 'Three numbers such as 1.4.2, or 2.0.0-rc.1; at most 32 characters and no +.';
  }
  if (published.includes(text)) {
    return `${text} is published already, and a version never changes. Take a higher number.`;
  }
  const last = published.findLast((other) => majorOf(other) === majorOf(text));
  if (last === undefined || compareVersions(text, last) > 0) return undefined;
  return `Must be above ${last}, the last version with that first number.`;
}

function majorOf(semver: string): string | undefined {
  return semver.split('.')[0];
}
