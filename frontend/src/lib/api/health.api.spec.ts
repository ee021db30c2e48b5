import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Network } from '../schemas/network.schema.ts';
import { canisterUrl, fetchHealth } from './health.api.ts';

const canisters = { rental: 'a', treasury: 'b', 'token-value': 'c', archive: 'd' };
const LOCAL: Network = {
  network: 'local',
  gatewayUrl: 'http://localhost:4943',
  canisters,
  identityProvider: 'http://identity.localhost:4943',
};
const IC: Network = {
  network: 'ic',
  gatewayUrl: 'https://icp0.io',
  canisters,
  identityProvider: 'https://id.ai',
};

afterEach(() => vi.unstubAllGlobals());

describe('canisterUrl', () => {
  it('is on the raw domain of the gateway, because health is not certified', () => {
    expect(canisterUrl(LOCAL, 'aaaaa-aa', '/healthz').href).toBe(
      'http://aaaaa-aa.raw.localhost:4943/healthz',
    );
    expect(canisterUrl(IC, 'aaaaa-aa', '/healthz').href).toBe(
      'https://aaaaa-aa.raw.icp0.io/healthz',
    );
  });
});

describe('fetchHealth', () => {
  it('gives what the canister says', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('ok\n')));
    await expect(fetchHealth(LOCAL, 'aaaaa-aa')).resolves.toBe('ok');
  });

  it('says whom it could not reach', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(fetchHealth(LOCAL, 'aaaaa-aa')).rejects.toThrow('aaaaa-aa.raw.localhost:4943');
  });

  it('throws on any answer but success', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('stopped', { status: 503 })));
    await expect(fetchHealth(LOCAL, 'aaaaa-aa')).rejects.toThrow('503');
  });
});
