import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { encode } from 'cborg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChaosProxy } from './chaos-proxy.ts';
import { Fates, KillCoverage, STORM, type Fate } from './fates.ts';
import { requestKind } from './request-kind.ts';

let arrived: string[];
let target: Server;
let proxy: ChaosProxy;
let kills: number;
let fate: Fate;

beforeEach(async () => {
  arrived = [];
  kills = 0;
  fate = { kind: 'pass' };
  target = createServer((request, response) => {
    arrived.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['x-a'])}`);
    response.writeHead(201, { 'x-b': 'two' });
    request.pipe(response);
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const { port } = target.address() as AddressInfo;
  proxy = await ChaosProxy.start({
    target: `http://127.0.0.1:${port.toString()}`,
    fates: { next: () => fate },
    kill: () => {
      kills += 1;
      return Promise.resolve();
    },
  });
});

afterEach(async () => {
  await proxy.close();
  target.close();
  target.closeAllConnections();
});

function ask(): Promise<Response> {
  const headers = { 'x-a': 'one' };
  return fetch(`${proxy.url}/servers?page=2`, { method: 'POST', headers, body: 'hello' });
}

describe('ChaosProxy', () => {
  it('hands a request on, and its answer back', async () => {
    const response = await ask();
    expect(response.status).toBe(201);
    expect(response.headers.get('x-b')).toBe('two');
    expect(await response.text()).toBe('hello');
    expect(arrived).toEqual(['POST /servers?page=2 one']);
  });

  it.each<[Fate, number, boolean, number]>([
    [{ kind: 'lose-request' }, 0, false, 0],
    [{ kind: 'lose-reply' }, 1, false, 0],
    [{ kind: 'twice' }, 2, true, 0],
    [{ kind: 'late', delayMs: 5 }, 1, true, 0],
    [{ kind: 'late-arrival', delayMs: 60_000 }, 0, false, 0],
    [{ kind: 'kill', phase: 'before' }, 0, false, 1],
    [{ kind: 'kill', phase: 'after' }, 1, false, 1],
  ])('%j: arrives %i times', async (chosen, times, isAnswered, killed) => {
    fate = chosen;
    const answered = await ask().then(
      (response) => response.ok,
      () => false,
    );
    expect({ answered, times: arrived.length, kills }).toEqual({
      answered: isAnswered,
      times,
      kills: killed,
    });
  });
});

function fatesOf(seed: number, mayKill = true): { fates: Fates; coverage: KillCoverage } {
  const coverage = new KillCoverage();
  const fates = new Fates({ seed, shares: STORM, coverage, mayKill: () => mayKill });
  return { fates, coverage };
}

describe('Fates', () => {
  it('decides the same for the same seed', () => {
    const decided = (seed: number): readonly Fate[] => {
      const { fates } = fatesOf(seed);
      return Array.from({ length: 500 }, () => fates.next('POST /servers'));
    };
    expect(decided(7)).toEqual(decided(7));
    expect(decided(7)).not.toEqual(decided(8));
  });

  it('decides about the requests of a kind whatever else is asked in between', () => {
    const alone = fatesOf(7, false).fates;
    const among = fatesOf(7, false).fates;
    for (let count = 0; count < 500; count += 1) {
      for (let other = 0; other < count % 3; other += 1) among.next('GET /servers');
      expect(among.next('POST /servers')).toEqual(alone.next('POST /servers'));
    }
    expect(alone.mishaps).toBeGreaterThan(0);
    expect(among.mishaps).toBeGreaterThan(alone.mishaps);
  });

  it('kills at every kind of request, before and after', () => {
    const { fates, coverage } = fatesOf(1);
    for (let count = 0; count < 60; count += 1) fates.next('call claim_jobs');
    expect(coverage.all()).toEqual(new Map([['call claim_jobs', ['after', 'before']]]));
  });

  it('kills nobody who may not be killed', () => {
    const { fates } = fatesOf(1, false);
    const kinds = Array.from({ length: 5_000 }, () => fates.next('GET /servers').kind);
    expect(kinds).not.toContain('kill');
    expect(new Set(kinds).size).toBe(6);
  });

  it('lets everything pass while it is calm', () => {
    const { fates } = fatesOf(1);
    fates.isCalm = true;
    for (let count = 0; count < 200; count += 1) expect(fates.next('x').kind).toBe('pass');
    expect(fates.mishaps).toBe(0);
  });
});

describe('requestKind', () => {
  it('names the method of a canister call', () => {
    const body = encode({ content: { request_type: 'call', method_name: 'claim_jobs' } });
    const tagged = Buffer.concat([Buffer.from([0xd9, 0xd9, 0xf7]), body]);
    expect(requestKind('POST', '/api/v3/canister/aaaaa-aa/call', tagged)).toBe('call claim_jobs');
    expect(requestKind('POST', '/api/v2/canister/aaaaa-aa/read_state', Buffer.from('x'))).toBe(
      'read_state',
    );
  });

  it('names the endpoint of a cloud without its ids', () => {
    expect(requestKind('GET', '/v1/servers/42?x=1', Buffer.alloc(0))).toBe('GET /v1/servers/{id}');
  });
});
