import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('keeps its state and stays up unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      kind: 'run',
      options: {
        port: 4_943,
        stateDir: '.localnet/decent-cloud',
        isClean: false,
        isOnce: false,
        isDev: false,
      },
    });
  });

  it('takes every option', () => {
    const args = ['--port', '0', '--state-dir', '/tmp/net', '--clean', '--once', '--dev'];
    expect(parseOptions(args)).toEqual({
      kind: 'run',
      options: { port: 0, stateDir: '/tmp/net', isClean: true, isOnce: true, isDev: true },
    });
  });

  it.each([['--port', 'http'], ['--port', '65536'], ['--prot', '1'], ['extra']])(
    'refuses %s %s in words',
    (...args) => {
      const parsed = parseOptions(args.filter((word) => typeof word === 'string'));
      expect(parsed.kind).toBe('invalid');
    },
  );

  it('knows --help', () => {
    expect(parseOptions(['--help'])).toEqual({ kind: 'help' });
  });
});
