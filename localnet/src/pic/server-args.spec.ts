import { describe, expect, it } from 'vitest';
import { parseServerArgs } from './server-args.ts';

describe('parseServerArgs', () => {
  it('reads what a client starts the server with', () => {
    expect(parseServerArgs(['--port-file', '/tmp/x.port', '--ttl', '5'])).toEqual({
      address: '127.0.0.1',
      port: 0,
      portFile: '/tmp/x.port',
      ttlMs: 5_000,
    });
  });

  it('lives a minute by default', () => {
    expect(parseServerArgs([]).ttlMs).toBe(60_000);
  });

  it.each([
    ['--ttl', '-1'],
    ['--ttl', 'soon'],
    ['--port', '70000'],
    ['--unknown', 'x'],
  ])('refuses %s %s', (name, value) => {
    expect(() => parseServerArgs([name, value])).toThrow();
  });
});
