import { describe, expect, it } from 'vitest';
import { demoHash, isBuiltIn, sha256Hex } from './demo-hash.ts';
import { type DemoPlaces, requirePlainPath, withoutPaths, withPaths } from './demo-paths.ts';

const PLACES: DemoPlaces = {
  root: '/home/me/state/m/fs',
  bin: '/home/me/state/m/bin',
  machine: '/home/me/state/m/machine',
  bootId: '/home/me/state/m/boot-id',
  ipv4: '127.20.0.7',
};

describe('withPaths', () => {
  it.each([
    ['cat >/etc/systemd/system/a.service', 'cat >/home/me/state/m/fs/etc/systemd/system/a.service'],
    [
      "cd '/var/lib/dc'; ls /tmp",
      "cd '/home/me/state/m/fs/var/lib/dc'; ls /home/me/state/m/fs/tmp",
    ],
    ['WorkingDirectory=/srv', 'WorkingDirectory=/home/me/state/m/fs/srv'],
    ['/usr/local/bin/x /usr/bin/env', '/home/me/state/m/fs/usr/local/bin/x /usr/bin/env'],
    ['read a </proc/sys/kernel/random/boot_id', 'read a </home/me/state/m/boot-id'],
    ["listen(80, '0.0.0.0')", "listen(80, '127.20.0.7')"],
    ['source /usr/machine/units.sh', 'source /home/me/state/m/machine/units.sh'],
  ])('turns %s', (script, expected) => {
    const used = withPaths(script, PLACES);
    expect(used).toBe(expected);
    expect(withoutPaths(used, PLACES)).toBe(script);
  });

  it.each([
    '$folder/var/x',
    'https://host/etc/a',
    '/etcetera',
    './run/x',
    '/bin/sh',
    'a/tmp',
    '10.0.0.0.0',
  ])('leaves %s', (script) => expect(withPaths(script, PLACES)).toBe(script));
});

describe('requirePlainPath', () => {
  it('refuses folders that scripts would have to quote', () => {
    expect(() => requirePlainPath('/home/my files/m')).toThrow('/home/my files/m');
    expect(() => requirePlainPath('/home/me/m-1_2.x')).not.toThrow();
  });
});

describe('demoHash', () => {
  it('is the same for scripts that differ in numbers only', () => {
    const known = new Set([demoHash('cd run-17; sleep 5\n'), sha256Hex('whole 1')]);
    expect(isBuiltIn('cd run-2345; sleep 60\n', known)).toBe(true);
    expect(isBuiltIn('cd run-x; sleep 60\n', known)).toBe(false);
    expect(isBuiltIn('cd run-1; sleep 6; id\n', known)).toBe(false);
    expect([isBuiltIn('whole 1', known), isBuiltIn('whole 2', known)]).toEqual([true, false]);
  });
});
