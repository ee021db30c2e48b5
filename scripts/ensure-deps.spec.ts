import { describe, expect, it } from 'vitest';
import { findMissingPackages, isNodeRecentEnough } from './ensure-deps.mjs';

describe('findMissingPackages', () => {
  const wanted = {
    '': { version: '0.1.0' },
    'node_modules/hono': { version: '4.13.19' },
    'node_modules/vite': { version: '8.3.8' },
    'node_modules/only-on-mac': { version: '1.0.0', optional: true },
    'node_modules/@decent-cloud/domain': { link: true },
  };

  it('names nothing when the tree is what the lockfile says', () => {
    const installed = {
      'node_modules/hono': { version: '4.13.19' },
      'node_modules/vite': { version: '8.3.8' },
      'node_modules/@decent-cloud/domain': { link: true },
    };
    expect(findMissingPackages(wanted, installed)).toEqual([]);
  });

  it('names packages that are absent or of another version', () => {
    const installed = {
      'node_modules/hono': { version: '4.13.18' },
      'node_modules/vite': { version: '8.3.8' },
    };
    expect(findMissingPackages(wanted, installed)).toEqual(['hono', '@decent-cloud/domain']);
  });
});

describe('isNodeRecentEnough', () => {
  it.each([
    { version: '18.20.0', isExpected: false },
    { version: '20.18.3', isExpected: false },
    { version: '20.19.0', isExpected: true },
    { version: '22.1.0', isExpected: true },
    { version: '24.0.0', isExpected: true },
  ])('is $isExpected for $version', ({ version, isExpected }) => {
    expect(isNodeRecentEnough(version)).toBe(isExpected);
  });
});
