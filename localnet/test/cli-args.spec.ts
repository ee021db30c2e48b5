import { describe, expect, it } from 'vitest';
import { parseCommand } from '../src/cli/cli-args.ts';
import { UsageError } from '../src/cli/usage-error.ts';
import { LauncherArgsError, parseLauncherArgs } from '../src/launcher/launcher-args.ts';

describe('parseCommand', () => {
  it('starts on port 4943 in .localnet by default', () => {
    expect(parseCommand(['start'])).toEqual({
      kind: 'start',
      port: 4943,
      stateDir: '.localnet',
      clean: false,
      log: 'calls',
    });
  });

  it('reads every option of start', () => {
    const args = ['start', '--port', '0', '--state-dir', 'here', '--clean', '--log=debug'];
    expect(parseCommand(args)).toEqual({
      kind: 'start',
      port: 0,
      stateDir: 'here',
      clean: true,
      log: 'debug',
    });
  });

  it('knows status, stop and help', () => {
    expect(parseCommand(['status', '--state-dir', 'x'])).toEqual({ kind: 'status', stateDir: 'x' });
    expect(parseCommand(['stop'])).toEqual({ kind: 'stop', stateDir: '.localnet' });
    for (const args of [[], ['--help'], ['start', '-h']]) {
      expect(parseCommand(args)).toEqual({ kind: 'help' });
    }
  });

  it.each([
    [['run'], /unknown command "run"; there are start, status and stop/],
    [['start', '--port', '65536'], /--port must be a whole number from 0 to 65535, not "65536"/],
    [['start', '--port', '1e3'], /--port must be/],
    [['start', '--log', 'loud'], /--log must be one of off, calls, debug, not "loud"/],
    [['start', '--state-dir', ''], /--state-dir needs a path/],
    [['start', '--colour'], /--colour/],
    [['start', 'now'], /unexpected argument "now"/],
    [['stop', '--clean'], /--clean is an option of start, not of stop/],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
    expect(() => parseCommand(args)).toThrow(message);
  });
});

describe('parseLauncherArgs', () => {
  it('reads what icp 1.5.0 passes', () => {
    const args = [
      ...['--interface-version', '1.1.0', '--state-dir', '/s', '--bind', '127.0.0.1'],
      ...['--gateway-port', '8000', '--status-dir', '/t', '--verbose', '--domain=127.0.0.1'],
    ];
    expect(parseLauncherArgs(args)).toEqual({
      gatewayPort: 8000,
      bind: '127.0.0.1',
      stateDir: '/s',
      statusDir: '/t',
      isVerbose: true,
      warnings: [],
    });
  });

  it('says which requests have no effect', () => {
    const { warnings } = parseLauncherArgs(['--ii', '--subnet=application', '--subnet=sns']);
    expect(warnings).toEqual(['--ii has no effect: Internet Identity is not installed']);
  });

  it('refuses unknown options, but only warns where a later interface brings them', () => {
    expect(() => parseLauncherArgs(['--shiny'])).toThrow(LauncherArgsError);
    const current = ['--interface-version', '1.1.0', '--shiny', 'yes'];
    expect(() => parseLauncherArgs(current)).toThrow(/unexpected argument '--shiny yes'/);
    const later = ['--interface-version', '1.2.0', '--shiny', 'yes', '--gateway-port', '1'];
    const { warnings, gatewayPort } = parseLauncherArgs(later);
    expect(warnings).toEqual(['--shiny is not known and ignored', 'yes is not known and ignored']);
    expect(gatewayPort).toBe(1);
  });

  it.each([
    [['--interface-version', '2.0.0'], /Unsupported interface version 2.0.0/],
    [['--interface-version', 'new'], /Unsupported interface version new/],
    [['--bind', '0.0.0.0'], /loopback addresses only/],
    [['--gateway-port', '70000'], /--gateway-port must be from 0 to 65535/],
    [['--status-dir'], /lacks its value/],
  ])('refuses %j', (args, message) => {
    expect(() => parseLauncherArgs(args)).toThrow(LauncherArgsError);
    expect(() => parseLauncherArgs(args)).toThrow(message);
  });
});
