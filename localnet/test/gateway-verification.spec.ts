import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NativeContext, NativeMethod, NativeProgram } from '../src/core/native.ts';
import { sha256, utf8 } from '../src/crypto/bytes.ts';
import { encodeCbor } from '../src/crypto/cbor.ts';
import { hashTreeToCbor } from '../src/crypto/hash-tree-cbor.ts';
import { EMPTY, leaf } from '../src/crypto/hash-tree.ts';
import {
  decodeHttpResponse,
  encodeHttpRequest,
  type Header,
} from '../src/gateway/http-interface.ts';
import { verifyResponse, type VerifiableExchange } from '../src/gateway/verify-response.ts';
import { assetCanisterProgram } from '../src/system/assets/asset-canister.ts';
import { ASSETS_SERVICE } from '../src/system/assets/assets-idl.ts';
import { withPath } from '../src/system/assets/forest-path.ts';
import { openGatewayWorld, type GatewayWorld } from './fixtures/gateway-world.ts';
import { pageProgram } from './fixtures/page-program.ts';

const ASSETS = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const FORGED = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const LEGACY = Principal.fromText('r7inp-6aaaa-aaaaa-aaabq-cai');
const SKIPPING = Principal.fromText('rkp4c-7iaaa-aaaaa-aaaca-cai');
const ANYONE = Principal.anonymous();
const SIX_MINUTES_NS = 360_000_000_000n;

interface HttpRequestArgs {
  readonly certificate_version: [] | [number];
}

const httpRequest = ASSETS_SERVICE._fields.find(([name]) => name === 'http_request')?.[1];
if (httpRequest === undefined) throw new Error('BUG: no http_request');

/** An asset canister whose http_request goes through `change`. */
function alteredAssets(change: {
  readonly request?: (request: HttpRequestArgs) => HttpRequestArgs;
  readonly response?: (response: { body: Uint8Array }) => { body: Uint8Array };
}): NativeProgram {
  const program = assetCanisterProgram({ commit: [ANYONE] });
  const inner = program.methods.get('http_request');
  const altered: NativeMethod = {
    kind: 'query',
    handle: (context, arg) => {
      const [request] = IDL.decode(httpRequest?.argTypes ?? [], new Uint8Array(arg));
      const asked = change.request?.(request as unknown as HttpRequestArgs) ?? request;
      const reply = inner?.handle(
        context,
        new Uint8Array(IDL.encode(httpRequest?.argTypes ?? [], [asked])),
      );
      if (!(reply instanceof Uint8Array)) throw new Error('BUG: http_request makes no calls');
      const [response] = IDL.decode(httpRequest?.retTypes ?? [], reply);
      const answered = change.response?.(response as unknown as { body: Uint8Array }) ?? response;
      return new Uint8Array(IDL.encode(httpRequest?.retTypes ?? [], [answered]));
    },
  };
  return { ...program, methods: new Map([...program.methods, ['http_request', altered]]) };
}

/** Certifies, for all paths, that its answers are not certified. */
function skippingProgram(): NativeProgram {
  const expression = 'default_certification(ValidationArgs{no_certification: Empty{}})';
  const path = [utf8('http_expr'), utf8('<*>'), sha256(utf8(expression))];
  const tree = withPath(EMPTY, path, leaf(utf8('')));
  const base64 = (bytes: Uint8Array): string => `:${Buffer.from(bytes).toString('base64')}:`;
  const certify = (context: NativeContext): void => {
    context.setCertifiedData(tree.hash);
    isCertified = true;
  };
  let isCertified = false;
  const program = pageProgram({
    query: (request, context) => ({
      status: 202,
      headers: [
        ['x-path', request.url],
        ['ic-certificateexpression', expression],
        [
          'ic-certificate',
          `certificate=${base64(context.dataCertificate() ?? new Uint8Array())}, version=2, ` +
            `tree=${base64(encodeCbor(hashTreeToCbor(tree)))}, ` +
            `expr_path=${base64(encodeCbor(['http_expr', '<*>']))}`,
        ],
      ],
      body: utf8('anything'),
    }),
  });
  return { ...program, nextTimerNs: () => (isCertified ? undefined : 0n), onTimer: certify };
}

function flipBit(bytes: Uint8Array, index: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

describe('verification by the gateway', () => {
  let world: GatewayWorld;

  beforeAll(async () => {
    world = await openGatewayWorld({
      canisters: [
        [ASSETS, assetCanisterProgram({ commit: [ANYONE] })],
        [
          FORGED,
          alteredAssets({ response: (response) => ({ ...response, body: utf8('forged') }) }),
        ],
        [
          LEGACY,
          alteredAssets({ request: (request) => ({ ...request, certificate_version: [1] }) }),
        ],
        [SKIPPING, skippingProgram()],
      ],
    });
    for (const canisterId of [ASSETS, FORGED, LEGACY]) {
      await update(canisterId, 'create_asset', {
        key: '/a.txt',
        content_type: 'text/plain',
        max_age: [60n],
        headers: [[['X-Mine', 'yes']]],
        enable_aliasing: [],
        allow_raw_access: [],
      });
      await update(canisterId, 'set_asset_content', {
        key: '/a.txt',
        content_encoding: 'identity',
        chunk_ids: [],
        last_chunk: [utf8('content')],
        sha256: [],
      });
    }
  });
  afterAll(() => world.close());

  async function update(canisterId: Principal, method: string, arg: unknown): Promise<void> {
    const agent = await world.agent();
    const type = ASSETS_SERVICE._fields.find(([name]) => name === method)?.[1];
    const encoded = IDL.encode(type?.argTypes ?? [], [arg]);
    const { host } = world.node;
    const call = await agent.call(canisterId, { methodName: method, arg: encoded });
    const id = Buffer.from(call.requestId).toString('hex');
    const status = await host.waitForIngress(id as never, 10_000);
    expect(status.kind).toBe('replied');
  }

  function exchange(url = '/a.txt'): VerifiableExchange {
    const { replica } = world.node;
    const request = { method: 'GET', url, headers: [], body: new Uint8Array() };
    const arg = encodeHttpRequest(request);
    const reply = replica.query({
      sender: ANYONE,
      canisterId: ASSETS,
      method: 'http_request',
      arg,
    });
    if (reply.kind === 'reject') throw new Error(reply.message);
    return {
      request,
      response: decodeHttpResponse('http_request', reply.data),
      canisterId: ASSETS,
      timeNs: replica.timeNs(),
      rootKey: replica.rootKey,
      minVersion: 1,
    };
  }

  it('accepts what the canister certified, with all its headers', () => {
    const verdict = verifyResponse(exchange());
    expect(verdict).toMatchObject({ kind: 'verified', version: 2 });
    const headers = verdict.kind === 'verified' ? verdict.certifiedHeaders : undefined;
    expect(Object.fromEntries(headers ?? [])).toMatchObject({
      'content-type': 'text/plain',
      'cache-control': 'max-age=60',
      'x-mine': 'yes',
    });
  });

  const withHeader = (
    { response }: VerifiableExchange,
    change: (header: Header) => Header,
  ): VerifiableExchange['response'] => ({ ...response, headers: response.headers.map(change) });

  it.each<[string, (good: VerifiableExchange) => Partial<VerifiableExchange>]>([
    ['another body', ({ response }) => ({ response: { ...response, body: utf8('Content') } })],
    ['another status', ({ response }) => ({ response: { ...response, status: 201 } })],
    [
      'another header value',
      (good) => ({
        response: withHeader(good, ([name, value]) => [name, name === 'x-mine' ? 'no' : value]),
      }),
    ],
    [
      'a missing header',
      ({ response }) => ({
        response: { ...response, headers: response.headers.filter(([name]) => name !== 'x-mine') },
      }),
    ],
    ['another path', ({ request }) => ({ request: { ...request, url: '/b.txt' } })],
    ['another canister', () => ({ canisterId: FORGED })],
    ['another network', ({ rootKey }) => ({ rootKey: flipBit(rootKey, rootKey.length - 1) })],
    ['an old certificate', ({ timeNs }) => ({ timeNs: timeNs + SIX_MINUTES_NS })],
    ['a certificate of the future', ({ timeNs }) => ({ timeNs: timeNs - SIX_MINUTES_NS })],
    ['a method that is none', ({ request }) => ({ request: { ...request, method: 'G ET' } })],
    ['a status that is none', ({ response }) => ({ response: { ...response, status: 0 } })],
  ])('refuses %s', (_, change) => {
    const good = exchange();
    expect(verifyResponse({ ...good, ...change(good) }).kind).toBe('refused');
  });

  it('refuses every certificate and tree with a bit flipped', () => {
    const good = exchange();
    const header = good.response.headers.find(([name]) => name === 'IC-Certificate')?.[1] ?? '';
    for (const field of ['certificate', 'tree']) {
      const text = new RegExp(`${field}=:([^:]*):`).exec(header)?.[1] ?? '';
      const bytes = new Uint8Array(Buffer.from(text, 'base64'));
      expect(bytes.length).toBeGreaterThan(50);
      // The first bytes are CBOR's tag and the outer collection's head: they hold no content.
      for (let index = 4; index < bytes.length; index += 5) {
        const forged = Buffer.from(flipBit(bytes, index)).toString('base64');
        const response = withHeader(good, ([name, value]) => [name, value.replace(text, forged)]);
        const { kind } = verifyResponse({ ...good, response });
        expect([field, index, kind]).toEqual([field, index, 'refused']);
      }
    }
  });

  it('refuses version 1 from a canister that says it can do version 2', () => {
    const good = exchange();
    expect(verifyResponse({ ...good, minVersion: 2 }).kind).toBe('verified');
    const [certificate = ''] = good.response.headers.flatMap(([name, value]) =>
      name === 'IC-Certificate' ? [value] : [],
    );
    const response = withHeader(good, ([name, value]) =>
      name === 'IC-Certificate'
        ? [name, certificate.replace('version=2', 'version=1')]
        : [name, value],
    );
    expect(verifyResponse({ ...good, response, minVersion: 2 }).kind).toBe('refused');
  });

  it('shows a page instead of a forged answer, and the answer itself on the raw host', async () => {
    const host = `${FORGED.toText()}.localhost`;
    const page = await world.get({ host, path: '/a.txt' });
    expect(page.status).toBe(503);
    expect(page.text).toContain(`${FORGED.toText()}.raw.localhost`);
    expect(page.text).not.toContain('forged');
    const raw = await world.get({ host: `${FORGED.toText()}.raw.localhost`, path: '/a.txt' });
    expect([raw.status, raw.text]).toEqual([200, 'forged']);
  });

  it('verifies version 1 by the body alone and keeps back what it does not cover', async () => {
    const page = await world.get({ host: `${LEGACY.toText()}.localhost`, path: '/a.txt' });
    expect([page.status, page.text]).toEqual([200, 'content']);
    expect(page.headers['cache-control']).toBeUndefined();
    expect(page.headers['x-mine']).toBe('yes');
  });

  it('passes answers on that are certified not to be certified', async () => {
    const page = await world.get({ host: `${SKIPPING.toText()}.localhost`, path: '/x?y=1' });
    expect([page.status, page.text]).toEqual([202, 'anything']);
    expect(page.headers['x-path']).toBe('/x?y=1');
  });

  it('still verifies after the network has been idle for long', async () => {
    const idle = await openGatewayWorld({
      canisters: [[ASSETS, assetCanisterProgram()]],
      isStopped: true,
    });
    try {
      idle.node.replica.setTime(idle.node.replica.timeNs() + SIX_MINUTES_NS);
      const page = await idle.get({ host: `${ASSETS.toText()}.localhost`, path: '/' });
      expect([page.status, page.text]).toEqual([404, 'not found']);
    } finally {
      await idle.close();
    }
  });
});
