import { describe, expect, it } from 'vitest';
import { parseBridgeArgs } from './bridge-args.ts';

describe('parseBridgeArgs', () => {
  it('reads command, file and folder', () => {
    expect(parseBridgeArgs(['run', '--config', 'a.yaml', '--dir', 'keys'])).toEqual({
      kind: 'command',
      command: 'run',
      configFile: 'a.yaml',
      dir: 'keys',
    });
  });

  it.each([[[]], [['--help']], [['run', '-h']]])('shows the help for %j', (args) => {
    expect(parseBridgeArgs(args)).toEqual({ kind: 'help' });
  });

  it.each([
    [['start'], 'start'],
    [['--dir', 'x'], 'none was given'],
    [['run', 'now'], 'now'],
    [['run', '--port', '1'], '--port'],
  ])('refuses %j', (args, words) => {
    const parsed = parseBridgeArgs(args);
    expect(parsed.kind).toBe('invalid');
    expect(JSON.stringify(parsed)).toContain(words);
  });
});
