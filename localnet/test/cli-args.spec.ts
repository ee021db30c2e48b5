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
    ['90s', 90n],
    ['40m', 2_400n],
    ['2h', 7_200n],
    ['366d', 31_622_400n],
  ])('reads how long %s is', (text, seconds) => {
    expect(parseCommand(['time', 'advance', text])).toEqual({
      kind: 'time',
      stateDir: '.localnet',
      time: { kind: 'advance', durationNs: seconds * 1_000_000_000n },
    });
  });

  it('reads prices, trades and sources', () => {
    const stateDir = 'x';
    const parse = (words: string): unknown =>
      parseCommand([...words.split(' '), '--state-dir', stateDir]);
    const market = (command: unknown): unknown => ({ kind: 'market', stateDir, market: command });
    expect(parse('price show')).toEqual(market({ kind: 'price-show' }));
    expect(parse('price set icp 5.25')).toEqual(
      market({ kind: 'price-set', symbol: 'ICP', usdE8: 525_000_000n }),
    );
    const trade = { kind: 'pool-trade', pool: 'icp-ckusdc', symbol: 'USDC', amount: 1_500_000n };
    for (const token of ['ckUSDC', 'usdc']) {
      expect(parse(`pool trade icp-ckusdc ${token} 1.5`)).toEqual(market(trade));
    }
    expect(parse('source dct-icp hang')).toEqual(
      market({ kind: 'source', source: 'dct-icp', setting: 'hang' }),
    );
  });

  it.each([
    [['run'], /unknown command "run"; there are start, status, stop, time, price, pool and source/],
    [['start', '--port', '65536'], /--port must be a whole number from 0 to 65535, not "65536"/],
    [['start', '--port', '1e3'], /--port must be/],
    [['start', '--log', 'loud'], /--log must be one of off, calls, debug, not "loud"/],
    [['start', '--state-dir', ''], /--state-dir needs a path/],
    [['start', '--colour'], /--colour/],
    [['start', 'now'], /unexpected argument "now"/],
    [['stop', '--clean'], /--clean is an option of start, not of stop/],
    [['stop', 'now'], /unexpected argument "now"/],
    [['time'], /expected: time now, or time advance <duration>/],
    [['time', 'now', '3d'], /expected: time now/],
    [['time', 'advance'], /expected: time now/],
    [['time', 'advance', '3d', '4h'], /expected: time now/],
    [['time', 'advance', '3 days'], /the duration must be like 90s, 40m, 2h or 3d, not "3 days"/],
    [['time', 'advance', '0s'], /above 0 and at most 366d, unlike "0s"/],
    [['time', 'advance', '367d'], /above 0 and at most 366d/],
    [['time', 'now', '--port', '1'], /--port is an option of start, not of time/],
    [['price'], /price is followed by show or set/],
    [['price', 'show', 'ICP'], /use: localnet price show/],
    [['price', 'set', 'ICP'], /use: localnet price set <symbol> <usd>/],
    [['price', 'set', 'ETH', '1'], /unknown symbol "ETH"; there are ICP, BTC, USDC, USDT, DCT/],
    [['price', 'set', 'ICP', 'much'], /the price must be a number, not "much"/],
    [['price', 'set', 'ICP', '0'], /the price must be above 0/],
    [['price', 'set', 'ICP', '1.123456789'], /at most 8 decimals/],
    [['price', 'show', '--port', '1'], /--port is an option of start, not of price/],
    [['pool', 'drain'], /pool is followed by trade/],
    [['pool', 'trade', 'icp', 'ICP', '1'], /unknown pool "icp"; there are icp-ckusdc,/],
    [['pool', 'trade', 'dct-icp', 'ckBTC', '1'], /dct-icp trades DCT and ICP, not "ckBTC"/],
    [['pool', 'trade', 'dct-icp', 'ICP', '0.000000001'], /the amount has at most 8 decimals/],
    [['source', 'xrc'], /use: localnet source <name> up\|down\|hang/],
    [['source', 'kong', 'up'], /unknown source "kong"; there are xrc, oisy-trade,/],
    [['source', 'xrc', 'slow'], /unknown state "slow"; there are up, down, hang/],
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
