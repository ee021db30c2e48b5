import { connect } from 'node:net';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NativeProgram } from '../src/core/native.ts';
import { utf8 } from '../src/crypto/bytes.ts';
import { assetCanisterProgram } from '../src/system/assets/asset-canister.ts';
import { decodedPath } from '../src/system/assets/asset-paths.ts';
import { openGatewayWorld, type GatewayWorld } from './fixtures/gateway-world.ts';
import { pageProgram } from './fixtures/page-program.ts';

const ASSETS = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const MANGLED = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const PATHS = 1_200;
const RAW_REQUESTS = 1_500;
const REPLIES = 1_200;
const AT_ONCE = 25;

/** Answers a page whose Candid bytes are altered as the request's path says. */
function mangledProgram(): NativeProgram {
  const program = pageProgram({
    query: () => ({ headers: [['x-a', 'b']], body: utf8('body'), wantsUpdate: false }),
  });
  const inner = program.methods.get('http_request');
  return {
    ...program,
    methods: new Map([
      [
        'http_request',
        {
          kind: 'query',
          handle: (context, arg) => {
            const reply = inner?.handle(context, arg);
            if (!(reply instanceof Uint8Array)) throw new Error('BUG: a page makes no calls');
            return mangle(reply);
          },
        },
      ],
    ]),
  };
}

let mangle: (reply: Uint8Array) => Uint8Array = (reply) => reply;

const id = ASSETS.toText();
const labels = fc.constantFrom(id, `x--${id}`, 'raw', 'localhost', 'a', '-', '--', '', '.', '127');
const hosts = fc.oneof(
  fc.array(labels, { maxLength: 5 }).map((parts) => parts.join('.')),
  fc.string({ maxLength: 30 }),
  fc.tuple(labels, fc.integer()).map(([label, port]) => `${label}:${port}`),
);
const paths = fc.oneof(
  fc.webPath().map((path) => `/${path}`),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => `/${text}`),
  fc
    .array(fc.constantFrom('/', '%', '%2', '%ff', '%00', '..', '?', '<*>', '<$>', '//', 'é', '~'), {
      maxLength: 12,
    })
    .map((parts) => `/${parts.join('')}`),
  fc.string({ maxLength: 20 }).map((text) => `/?canisterId=${text}`),
);
const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'QUERY');

describe('gateway under odd input', () => {
  let world: GatewayWorld;

  beforeAll(async () => {
    world = await openGatewayWorld({
      canisters: [
        [ASSETS, assetCanisterProgram()],
        [MANGLED, mangledProgram()],
      ],
    });
  });
  afterAll(() => world.close());

  async function assertAlive(): Promise<void> {
    const page = await world.get({ host: `${id}.localhost`, path: '/' });
    expect([page.status, page.text]).toEqual([404, 'not found']);
  }

  it('answers every host, path, method and referer with a page', async () => {
    await fc.assert(
      fc.asyncProperty(hosts, paths, methods, fc.string(), async (host, path, method, text) => {
        const headers = { host: headerText(host), referer: headerText(`http://${text}/`) };
        const response = await world.app.fetch(new Request(pageUrl(path), { method, headers }));
        await response.arrayBuffer();
        expect(response.status).not.toBe(500);
      }),
      { numRuns: PATHS },
    );
    await assertAlive();
  });

  it('verifies the answer for every path of an asset canister', async () => {
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const url = pageUrl(path);
        const response = await world.app.fetch(new Request(url));
        const text = await response.text();
        // A path that is not UTF-8 has no segments that a certificate could name.
        if (decodedPath(url.pathname) === undefined) expect(response.status).toBe(503);
        else expect([response.status, text]).toEqual([404, 'not found']);
      }),
      { numRuns: 300 },
    );
  });

  it('survives whatever bytes come in on a connection', async () => {
    const requests = fc.sample(
      fc.tuple(methods, fc.oneof(paths, fc.string()), hosts, fc.string({ unit: 'binary' })),
      { numRuns: RAW_REQUESTS, seed: 7 },
    );
    for (let start = 0; start < requests.length; start += AT_ONCE) {
      await Promise.all(
        requests
          .slice(start, start + AT_ONCE)
          .map(([method, path, host, value]) =>
            sendRaw(
              world.server.port,
              `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nX: ${value}`,
            ),
          ),
      );
    }
    await assertAlive();
  });

  it('answers every mangled reply of a canister with a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(200),
        async (changes, length) => {
          mangle = (reply) => {
            const altered = new Uint8Array(reply);
            for (const [at, byte] of changes) if (at < altered.length) altered[at] = byte;
            return length < altered.length ? altered.slice(0, length) : altered;
          };
          const url = `http://${MANGLED.toText()}.raw.localhost/`;
          const response = await world.app.fetch(new Request(url));
          await response.arrayBuffer();
          expect(response.status).not.toBe(500);
        },
      ),
      { numRuns: REPLIES },
    );
    await assertAlive();
  });
});

function pageUrl(path: string): URL {
  return new URL(`http://${id}.localhost${path}`);
}

/** What a client could send as a header value. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '').trim();
}

/** Sends text as it is and waits for the other side to close. */
function sendRaw(port: number, head: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(`${head}\r\nConnection: close\r\n\r\n`, 'latin1');
    });
    socket.resume();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
  });
}
