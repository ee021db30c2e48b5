import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveAddress } from './canister-address.ts';
import { GatewayNameError, GatewayNames } from './gateway-names.ts';

const ID = 'rrkah-fqaaa-aaaaa-aaaaq-cai';
const OTHER = 'ryjl3-tyaaa-aaaaa-aaaba-cai';

function named(): GatewayNames {
  const names = new GatewayNames();
  names.register('frontend', Principal.fromText(ID));
  names.register('Shop.Example', Principal.fromText(OTHER));
  return names;
}

function resolve(host: string, query = '', referer?: string): string {
  const address = resolveAddress({ host, query, referer }, named());
  if (address.kind !== 'canister') return address.kind;
  return `${address.canisterId.toText()}${address.isRaw ? ' raw' : ''}`;
}

describe('resolveAddress', () => {
  it.each([
    [`${ID}.localhost`, ID],
    [`${ID}.localhost:4943`, ID],
    [`${ID.toUpperCase()}.LOCALHOST.:80`, ID],
    [`${ID}.raw.localhost:4943`, `${ID} raw`],
    [`preview--${ID}.localhost`, ID],
    [`${OTHER}.${ID}.localhost`, ID],
    ['frontend.localhost', ID],
    ['frontend.raw.localhost', `${ID} raw`],
    ['shop.example:8080', OTHER],
    ['frontend', ID],
    ['localhost', 'none'],
    ['127.0.0.1:4943', 'none'],
    ['[::1]:4943', 'none'],
    ['unknown.localhost', 'none'],
    ['rrkah-fqaaa-aaaaa-aaaaq-caj.localhost', 'none'],
    ['', 'none'],
  ])('reads the host %s', (host, expected) => expect(resolve(host)).toBe(expected));

  it.each([
    [`?canisterId=${OTHER}`, OTHER],
    [`?x=1&canisterId=${OTHER}&y=2`, OTHER],
    ['?canisterId=frontend', ID],
    ['?canisterId=', 'invalid-id'],
    ['?canisterId=nobody', 'invalid-id'],
    ['?canisterid=x', 'none'],
  ])('reads the query %s', (query, expected) => expect(resolve('localhost', query)).toBe(expected));

  it.each([
    [`http://localhost:1/page?canisterId=${OTHER}`, OTHER],
    [`http://${OTHER}.localhost:1/page`, OTHER],
    ['http://frontend.localhost/', ID],
    ['http://localhost/?canisterId=nobody', 'none'],
    ['not a url', 'none'],
  ])('reads the referer %s', (referer, expected) =>
    expect(resolve('localhost', '', referer)).toBe(expected),
  );

  it('prefers the host to the query and the query to the referer', () => {
    expect(resolve(`${ID}.localhost`, `?canisterId=${OTHER}`)).toBe(ID);
    expect(resolve('localhost', `?canisterId=${ID}`, `http://${OTHER}.localhost/`)).toBe(ID);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (host, query, referer) => {
        expect(['canister', 'invalid-id', 'none']).toContain(
          resolveAddress({ host, query, referer }, named()).kind,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('GatewayNames', () => {
  it.each(['', 'raw', 'a b', '-a', 'a-', 'a..b', 'x'.repeat(64), ID, 'ä'])(
    'refuses the name "%s"',
    (name) => {
      expect(() => new GatewayNames().register(name, Principal.fromText(ID))).toThrow(
        GatewayNameError,
      );
    },
  );

  it('moves a name to the canister that gets it last, and lets go of it', () => {
    const names = named();
    names.register('frontend', Principal.fromText(OTHER));
    expect(names.find('frontend')?.toText()).toBe(OTHER);
    names.remove('FRONTEND');
    expect(names.find('frontend')).toBeUndefined();
  });
});
