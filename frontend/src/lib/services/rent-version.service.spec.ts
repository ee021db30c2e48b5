import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { offeredVersion, rangeText } from './rent-version.service.ts';

function version(
  number: number,
  semver: string,
  status: Rental.VersionStatus = { Published: null },
) {
  return { number, semver, status };
}

const YANKED = { Yanked: { reason: 'bad' } };
const OLD = { Deprecated: { reason: 'old' } };
const VERSIONS = [
  version(0, '1.0.0'),
  version(1, '1.9.0'),
  version(2, '1.10.0'),
  version(3, '1.11.0', YANKED),
  version(4, '2.0.0-rc.1'),
  version(5, '0.3.1'),
  version(6, '0.3.4'),
  version(7, '0.4.0'),
  version(8, '3.0.0', OLD),
  version(9, '4.0.0', YANKED),
];

function compatible(from: string) {
  return offeredVersion(VERSIONS, { Compatible: { from } })?.number;
}

describe('offeredVersion', () => {
  it('takes the newest compatible release by number, not by text', () => {
    expect(compatible('1.0.0')).toBe(2);
    expect(compatible('1.10.0')).toBe(2);
    expect(compatible('1.10.1')).toBeUndefined();
  });

  it('keeps within the minor number before 1.0.0', () => {
    expect(compatible('0.3.0')).toBe(6);
    expect(compatible('0.4.0')).toBe(7);
  });

  it('takes a deprecated one only if there is no other, and never a withdrawn or unfinished one', () => {
    expect(compatible('3.0.0')).toBe(8);
    expect(compatible('4.0.0')).toBeUndefined();
    expect(compatible('2.0.0-rc.1')).toBeUndefined();
  });

  it('takes what is pinned unless it was withdrawn', () => {
    const pinned = (of: string) => offeredVersion(VERSIONS, { Pinned: { version: of } })?.number;
    expect([pinned('2.0.0-rc.1'), pinned('3.0.0'), pinned('1.11.0'), pinned('9.9.9')]).toEqual([
      4,
      8,
      undefined,
      undefined,
    ]);
  });

  it('says a range', () => {
    expect(rangeText({ Pinned: { version: '1.0.0' } })).toBe('1.0.0');
    expect(rangeText({ Compatible: { from: '1.0.0' } })).toBe('1.0.0 or newer');
  });
});
