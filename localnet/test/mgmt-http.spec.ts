import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { httpOutcallFee } from '../src/core/cycles-cost.ts';
import { type HttpOutcallAnswer, RejectCode } from '../src/core/types.ts';
import { HttpResult } from '../src/mgmt/wire/http.ts';
import { httpArg } from './support/mgmt-http.ts';
import { LARGE_MODULE, MGMT_MODULE, TRANSFORMED } from './support/mgmt-module.ts';
import { BOB, MgmtWorld, type Relayed } from './support/mgmt-world.ts';

const CYCLES = 1_000_000_000_000n;
const body = new TextEncoder().encode('hello');
const PAGE: HttpOutcallAnswer = {
  kind: 'reply',
  status: 200,
  headers: [{ name: 'content-type', value: 'text/plain' }],
  body,
};

class Outcalls {
  readonly world = new MgmtWorld();
  readonly relay: Principal;

  constructor(module = MGMT_MODULE) {
    this.relay = this.world.createWith(module);
  }

  /** Makes the request and, if it got as far as an outcall, answers it. */
  run(arg: Record<string, unknown>, answer: HttpOutcallAnswer, cycles = CYCLES): Relayed {
    const { world, relay } = this;
    const id = world.submitRelayed(relay, { method: 'http_request', arg, cycles });
    world.tick();
    for (const outcall of world.replica.pendingHttpOutcalls()) {
      world.replica.answerHttpOutcall(outcall.id, answer);
    }
    world.tick();
    const outcome = world.relayed(id);
    if (outcome === undefined) throw new Error('no answer');
    return outcome;
  }

  transform(method: string, by: Principal = this.relay): Record<string, unknown> {
    return { transform: [{ function: [by, method], context: Uint8Array.of(1, 2) }] };
  }
}

function resultOf({ data }: Relayed): unknown {
  return IDL.decode([HttpResult], new Uint8Array(data))[0];
}

describe('http_request', () => {
  it('shows the outcall until it is answered, then replies with the answer', () => {
    const { world, relay } = new Outcalls();
    const headers = [{ name: 'a', value: 'b' }];
    const arg = httpArg({ method: { post: null }, headers, body: [body] });
    const id = world.submitRelayed(relay, { method: 'http_request', arg, cycles: CYCLES });
    world.tick();
    const [outcall] = world.replica.pendingHttpOutcalls();
    expect(outcall).toMatchObject({ method: 'POST', url: 'https://example.com/x', headers, body });
    expect(outcall?.canisterId.toText()).toBe(relay.toText());
    expect(world.relayed(id)).toBeUndefined();
    expect(world.replica.isAtRest()).toBe(false);
    world.replica.answerHttpOutcall(outcall?.id ?? -1, PAGE);
    world.tick();
    const outcome = world.relayed(id);
    expect(outcome && resultOf(outcome)).toEqual({ status: 200n, headers: PAGE.headers, body });
    expect(world.replica.pendingHttpOutcalls()).toEqual([]);
    expect(world.replica.isAtRest()).toBe(true);
  });

  it('charges the fee of the sizes and gives the rest back', () => {
    const outcalls = new Outcalls();
    const before = outcalls.world.cycles(outcalls.relay);
    const arg = httpArg({ max_response_bytes: [100n], body: [body] });
    const fee = httpOutcallFee({
      requestBytes: BigInt('https://example.com/x'.length + body.length),
      maxResponseBytes: 100n,
    });
    expect(outcalls.run(arg, PAGE).refunded).toBe(CYCLES - fee);
    expect(outcalls.world.cycles(outcalls.relay)).toBe(before - fee);
  });

  it('rejects too few cycles without an outcall', () => {
    const outcalls = new Outcalls();
    const fee = httpOutcallFee({ requestBytes: 21n, maxResponseBytes: 2_000_000n });
    const outcome = outcalls.run(httpArg(), PAGE, fee - 1n);
    expect(outcome).toMatchObject({ kind: 'reject', refunded: fee - 1n });
    expect(outcalls.run(httpArg(), PAGE, fee)).toMatchObject({ kind: 'reply', refunded: 0n });
  });

  it('passes a reject on', () => {
    const answer = { kind: 'reject', code: RejectCode.SysTransient, message: 'timeout' } as const;
    expect(new Outcalls().run(httpArg(), answer)).toMatchObject({
      kind: 'reject',
      code: RejectCode.SysTransient,
      message: 'timeout',
    });
  });

  it('rejects a response beyond the limit asked for, headers included', () => {
    const outcalls = new Outcalls();
    const limit = BigInt(body.length + 'content-type'.length + 'text/plain'.length);
    expect(outcalls.run(httpArg({ max_response_bytes: [limit] }), PAGE).kind).toBe('reply');
    expect(outcalls.run(httpArg({ max_response_bytes: [limit - 1n] }), PAGE)).toMatchObject({
      kind: 'reject',
      code: RejectCode.SysFatal,
    });
  });

  it('runs the transform as a query of the management canister', () => {
    const outcalls = new Outcalls();
    const outcome = outcalls.run(httpArg(outcalls.transform('transform')), PAGE);
    expect(resultOf(outcome)).toEqual(TRANSFORMED);
  });

  it.each(['transform_trap', 'no_such_method'])('rejects when the transform fails: %s', (name) => {
    const outcalls = new Outcalls();
    expect(outcalls.run(httpArg(outcalls.transform(name)), PAGE)).toMatchObject({
      kind: 'reject',
      code: RejectCode.CanisterError,
    });
  });

  it('rejects a transformed response beyond the limit', () => {
    const outcalls = new Outcalls();
    const arg = httpArg({ ...outcalls.transform('transform_long'), max_response_bytes: [1_000n] });
    expect(outcalls.run(arg, PAGE)).toMatchObject({ kind: 'reject', code: RejectCode.SysFatal });
  });

  const header = (name: string, value: string) => ({ name, value });

  it.each([
    ['an url that is none', { url: 'not a url' }],
    ['another scheme', { url: 'ftp://example.com/' }],
    ['a long url', { url: `https://example.com/${'x'.repeat(8_192)}` }],
    ['65 headers', { headers: Array.from({ length: 65 }, () => header('a', 'b')) }],
    ['a long header', { headers: [header('a', 'b'.repeat(8_193))] }],
    [
      'many long headers',
      { headers: Array.from({ length: 7 }, () => header('a', 'b'.repeat(8_000))) },
    ],
    ['a large response', { max_response_bytes: [2_000_001n] }],
    [
      'a transform of another',
      { transform: [{ function: [BOB, 'x'], context: new Uint8Array() }] },
    ],
  ])('refuses %s', (_what, fields) => {
    const outcalls = new Outcalls();
    const outcome = outcalls.run(httpArg(fields), PAGE);
    expect(outcome).toMatchObject({ kind: 'reject', refunded: CYCLES });
    expect(outcalls.world.replica.pendingHttpOutcalls()).toEqual([]);
  });

  it('refuses a large body', () => {
    const outcalls = new Outcalls(LARGE_MODULE);
    const body = (bytes: number) => httpArg({ body: [new Uint8Array(bytes)] });
    expect(outcalls.run(body(2_000_000), PAGE).kind).toBe('reply');
    expect(outcalls.run(body(2_000_001), PAGE)).toMatchObject({ kind: 'reject', refunded: CYCLES });
  });

  it('settles after its canister is gone', () => {
    const { world, relay } = new Outcalls();
    world.submitRelayed(relay, { method: 'http_request', arg: httpArg(), cycles: CYCLES });
    world.tick();
    world.ask('uninstall_code', { canister_id: relay });
    const [outcall] = world.replica.pendingHttpOutcalls();
    world.replica.answerHttpOutcall(outcall?.id ?? -1, PAGE);
    world.tick();
    expect(world.replica.isAtRest()).toBe(true);
  });
});
