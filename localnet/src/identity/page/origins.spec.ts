import { describe, expect, it } from 'vitest';
import { isLocalOrigin, refusalToDerive } from './origins.ts';

const ORIGIN = 'http://alias.localhost:1';
const OTHER = 'http://listed.localhost:1';

describe('isLocalOrigin', () => {
  it.each([
    'http://localhost',
    'http://localhost:5173',
    'https://app.localhost',
    'http://a.raw.localhost:4943',
    'http://127.0.0.1:4943',
    'http://127.20.0.3',
    'http://[::1]:4943',
  ])('takes %s', (origin) => {
    expect(isLocalOrigin(origin)).toBe(true);
  });

  it.each([
    'null',
    '',
    'https://id.ai',
    'http://localhost.example.com',
    'http://xlocalhost',
    'http://192.168.0.1',
    'http://127.0.0.1.example.com',
    'http://0.0.0.0',
    'chrome-extension://localhost',
    'file://localhost',
  ])('does not take %s', (origin) => {
    expect(isLocalOrigin(origin)).toBe(false);
  });
});

/** Fetches that file alone, and answers with it. */
function listing(body: unknown, status = 200): typeof fetch {
  return (url) =>
    url === `${OTHER}/.well-known/ii-alternative-origins`
      ? Promise.resolve(Response.json(body, { status }))
      : Promise.reject(new Error('an unexpected address'));
}

describe('refusalToDerive', () => {
  const asked = { origin: ORIGIN, derivationOrigin: OTHER };

  it('lets a page use its own identities, without asking anybody', async () => {
    const own = { origin: ORIGIN, derivationOrigin: ORIGIN };
    expect(await refusalToDerive(own, listing({}))).toBeUndefined();
  });

  it('lets a page use those of an origin that lists it', async () => {
    const list = listing({ alternativeOrigins: ['http://x.localhost', ORIGIN] });
    expect(await refusalToDerive(asked, list)).toBeUndefined();
  });

  it.each([
    { desc: 'it is not listed', list: listing({ alternativeOrigins: [`${ORIGIN}1`] }) },
    { desc: 'the list is missing', list: listing({ alternativeOrigins: [ORIGIN] }, 404) },
    { desc: 'the list is something else', list: listing([ORIGIN]) },
    {
      desc: 'the list is too long',
      list: listing({ alternativeOrigins: Array<string>(11).fill(ORIGIN) }),
    },
    { desc: 'nobody answers', list: () => Promise.reject(new TypeError('Failed to fetch')) },
  ])('refuses when $desc', async ({ list }) => {
    expect(await refusalToDerive(asked, list)).toContain(OTHER);
  });

  it('refuses origins elsewhere without asking them', async () => {
    const elsewhere = { origin: ORIGIN, derivationOrigin: 'https://shop.example' };
    expect(await refusalToDerive(elsewhere, listing({}))).toContain('not on this machine');
  });
});
