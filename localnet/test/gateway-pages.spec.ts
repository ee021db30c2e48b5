import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NativeProgram } from '../src/core/native.ts';
import { utf8 } from '../src/crypto/bytes.ts';
import { openGatewayWorld, type GatewayWorld, type Page } from './fixtures/gateway-world.ts';
import { encodePart, pageProgram } from './fixtures/page-program.ts';

const ECHO = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const COUNTER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const STREAMER = Principal.fromText('r7inp-6aaaa-aaaaa-aaabq-cai');
const BROKEN = Principal.fromText('rkp4c-7iaaa-aaaaa-aaaca-cai');
const NO_PAGES = Principal.fromText('rno2w-sqaaa-aaaaa-aaacq-cai');
const NOBODY = 'renrk-eyaaa-aaaaa-aaada-cai';

const ROUTED = IDL.Record({ part: IDL.Nat, note: IDL.Text, more: IDL.Opt(IDL.Vec(IDL.Nat8)) });

/** Says back what it was asked. */
function echoProgram(): NativeProgram {
  return pageProgram({
    query: (request) => ({
      headers: [
        ['content-type', 'text/plain'],
        ['x-method', request.method],
        ['x-url', request.url],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['connection', 'close'],
        ['transfer-encoding', 'chunked'],
        ['content-length', '3'],
        ...request.headers.map(([name, value]): [string, string] => [`x-got-${name}`, value]),
      ],
      body: request.body.length > 0 ? request.body : utf8('hello'),
    }),
  });
}

/** Changes state, so it needs updates. */
function counterProgram(): NativeProgram {
  let count = 0;
  return pageProgram({
    query: () => ({ wantsUpdate: true }),
    update: (request) => {
      count += 1;
      return { status: 201, body: utf8(`${count} ${request.method} ${request.url}`) };
    },
  });
}

/** `/<n>` streams n further parts; the token carries more than the canister needs. */
function streamerProgram(): NativeProgram {
  const token = (part: bigint, last: bigint) => ({
    type: ROUTED,
    value: { part, note: last.toString(), more: [Uint8Array.of(1, 2, 3)] },
  });
  return pageProgram({
    query: ({ url }) => ({ body: utf8('0'), token: token(1n, BigInt(url.slice(1))) }),
    stream: (arg) => {
      const [got] = IDL.decode([ROUTED], arg) as unknown as [{ part: bigint; note: string }];
      const last = BigInt(got.note);
      const body = `,${got.part}`;
      return got.part < last ? encodePart(body, token(got.part + 1n, last)) : encodePart(body);
    },
  });
}

/** Answers that no client could be given. */
function brokenProgram(): NativeProgram {
  return pageProgram({
    query: ({ url }) => {
      if (url === '/status') return { status: 42 };
      if (url === '/header') return { headers: [['bad name', 'x']] };
      return { body: utf8('0'), token: { type: IDL.Text, value: 'again' } };
    },
    stream: () => encodePart('x', { type: IDL.Text, value: 'again' }),
  });
}

function garbageProgram(): NativeProgram {
  const program = pageProgram({ query: () => ({}) });
  return {
    ...program,
    methods: new Map([['http_request', { kind: 'query', handle: () => utf8('not candid') }]]),
  };
}

const GARBAGE = Principal.fromText('qjdve-lqaaa-aaaaa-aaaeq-cai');

describe('gateway', () => {
  let world: GatewayWorld;

  beforeAll(async () => {
    world = await openGatewayWorld({
      canisters: [
        [ECHO, echoProgram()],
        [COUNTER, counterProgram()],
        [STREAMER, streamerProgram()],
        [BROKEN, brokenProgram()],
        [GARBAGE, garbageProgram()],
        [NO_PAGES, { ...echoProgram(), methods: new Map() }],
      ],
    });
    world.names.register('echo', ECHO);
    world.names.register('shop.example', ECHO);
  });
  afterAll(() => world.close());

  const raw = (id: Principal): string => `${id.toText()}.raw.localhost:4943`;
  const open = (id: Principal, path: string): Promise<Page> => world.get({ host: raw(id), path });

  it('passes method, path, query, headers and body to the canister', async () => {
    const page = await world.get(
      { host: raw(ECHO), path: '/a%20b/c?x=1&y=%2F' },
      {
        method: 'PATCH',
        headers: { 'x-mine': 'value', 'accept-encoding': 'br', connection: 'close' },
        body: utf8('payload'),
      },
    );
    expect(page.status).toBe(200);
    expect(page.text).toBe('payload');
    expect(page.headers).toMatchObject({
      'x-method': 'PATCH',
      'x-url': '/a%20b/c?x=1&y=%2F',
      'x-got-x-mine': 'value',
      'x-got-accept-encoding': 'br, identity',
      'x-got-host': raw(ECHO),
      'x-ic-canister-id': ECHO.toText(),
    });
    expect(page.headers).not.toHaveProperty('x-got-connection');
  });

  it('cleans what belongs to the connection out of the answer and keeps every cookie', async () => {
    const page = await open(ECHO, '/');
    expect(page.headers['content-length']).toBe('5');
    expect(page.headers['transfer-encoding']).toBeUndefined();
    expect(page.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('answers HEAD with the headers alone', async () => {
    const page = await world.get({ host: raw(ECHO), path: '/x' }, { method: 'HEAD' });
    expect(page.headers).toMatchObject({ 'x-method': 'HEAD', 'content-length': '5' });
    expect(page.body).toHaveLength(0);
  });

  it.each([
    ['a name', { host: 'echo.raw.localhost', path: '/' }, {}],
    ['a prefix', { host: `v2--${ECHO.toText()}.raw.localhost`, path: '/' }, {}],
    ['the query', { host: 'raw.localhost', path: `/?canisterId=${ECHO.toText()}` }, {}],
    [
      "the referring page's query",
      { host: 'raw.localhost', path: '/style.css' },
      { referer: `http://localhost:1/?canisterId=${ECHO.toText()}` },
    ],
    [
      "the referring page's host",
      { host: 'raw.localhost', path: '/style.css' },
      { referer: `http://${ECHO.toText()}.localhost:1/page` },
    ],
  ])('finds the canister by %s', async (_, url, headers: Record<string, string>) => {
    const page = await world.get(url, { headers });
    expect(page.headers['x-ic-canister-id']).toBe(ECHO.toText());
    expect(page.text).toBe('hello');
  });

  it('serves a whole host name of its own, verified', async () => {
    const page = await world.get({ host: 'shop.example', path: '/' });
    expect(page.headers['x-ic-error-cause']).toBe('backend_response_verification');
  });

  it('asks again by update when the canister wants that, and needs no certificate then', async () => {
    const host = `${COUNTER.toText()}.localhost`;
    const first = await world.get({ host, path: '/buy?id=1' }, { method: 'POST' });
    const second = await world.get({ host, path: '/' });
    expect([first.status, first.text]).toEqual([201, '1 POST /buy?id=1']);
    expect(second.text).toBe('2 GET /');
  });

  it.each([1, 4, 5, 40])('streams an answer of %i further parts', async (parts) => {
    const page = await open(STREAMER, `/${parts}`);
    const numbers = Array.from({ length: parts + 1 }, (_, index) => index.toString());
    expect(page.text).toBe(numbers.join(','));
  });

  it('ends the connection, not the network, when a canister never stops streaming', async () => {
    await expect(open(BROKEN, '/loop')).rejects.toThrow();
    expect((await open(ECHO, '/')).status).toBe(200);
  });

  it('serves the HTTP API on any host of the same port', async () => {
    for (const host of ['localhost', `${ECHO.toText()}.localhost`]) {
      const page = await world.get({ host, path: '/api/v2/status' });
      expect(page.headers['content-type']).toBe('application/cbor');
    }
  });

  it('answers preflights itself and lets any origin read pages', async () => {
    const preflight = await world.get(
      { host: raw(ECHO), path: '/' },
      { method: 'OPTIONS', headers: { 'access-control-request-method': 'PUT' } },
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-methods']).toContain('PUT');
    expect((await open(ECHO, '/')).headers['access-control-allow-origin']).toBe('*');
  });

  it.each([
    ['an unknown canister', 404, 'canister_not_found', `${NOBODY}.localhost`, '/'],
    ['no canister', 400, 'canister_id_not_resolved', 'localhost', '/'],
    ['a bad id', 400, 'canister_id_incorrect', 'localhost', '/?canisterId=abc'],
    ['a backend', 502, 'canister_no_http_interface', raw(NO_PAGES), '/'],
    ['garbage', 502, 'canister_undecodable_reply', raw(GARBAGE), '/'],
    ['a bad status', 502, 'canister_invalid_response', raw(BROKEN), '/status'],
    ['a bad header', 502, 'canister_invalid_response', raw(BROKEN), '/header'],
    ['no certificate', 503, 'backend_response_verification', `${ECHO.toText()}.localhost`, '/'],
  ])('explains %s', async (_, status, cause, host, path) => {
    const page = await world.get({ host, path });
    expect(page.status).toBe(status);
    expect(page.headers['x-ic-error-cause']).toBe(cause);
    expect(page.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(page.text).toContain('What to do: ');
  });

  it('refuses bodies that no message could carry', async () => {
    const body = new Uint8Array(2 * 1024 * 1024 + 1);
    const page = await world.get({ host: raw(ECHO), path: '/' }, { method: 'POST', body });
    expect(page.status).toBe(413);
  });
});

describe('gateway of a network that stands still', () => {
  it('gives up on an update after its time', async () => {
    const world = await openGatewayWorld({
      canisters: [[COUNTER, counterProgram()]],
      updateTimeoutMs: 50,
      isStopped: true,
    });
    try {
      const page = await world.get({ host: `${COUNTER.toText()}.localhost`, path: '/' });
      expect(page.status).toBe(504);
      expect(page.text).toContain('let it progress');
    } finally {
      await world.close();
    }
  });
});
