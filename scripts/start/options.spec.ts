import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('keeps its state and stays up unless told otherwise', () => {
    expect(parseOptions([], {})).toEqual({
      kind: 'run',
      options: {
        port: 4_943,
        stateDir: '.localnet/decent-cloud',
        isClean: false,
        isOnce: false,
        isDev: false,
        cloud: { kind: 'local', delay: 1 },
      },
    });
  });

  it('takes every option', () => {
    const args = ['--port', '0', '--state-dir', '/tmp/net', '--clean', '--once', '--dev'];
    args.push('--cloud-delay', '0.5');
    expect(parseOptions(args, {})).toEqual({
      kind: 'run',
      options: {
        port: 0,
        stateDir: '/tmp/net',
        isClean: true,
        isOnce: true,
        isDev: true,
        cloud: { kind: 'local', delay: 0.5 },
      },
    });
  });

  it.each([
    ['--port', 'http'],
    ['--port', '65536'],
    ['--prot', '1'],
    ['extra'],
    ['--cloud', 'moon'],
    ['--cloud', 'hetzner'],
    ['--cloud-delay', '2'],
    ['--cloud-delay', ''],
  ])('refuses %s %s in words', (...args) => {
    const parsed = parseOptions(
      args.filter((word) => typeof word === 'string'),
      {},
    );
    expect(parsed.kind).toBe('invalid');
  });

  it('takes the token of a real cloud from the environment', () => {
    const parsed = parseOptions(['--cloud', 'hetzner'], { HCLOUD_TOKEN: 'abc' });
    const cloud = { kind: 'hetzner', token: 'abc', url: undefined };
    expect(parsed).toMatchObject({ kind: 'run', options: { cloud } });
  });

  it('knows --help', () => {
    expect(parseOptions(['--help'], {})).toEqual({ kind: 'help' });
  });
});
