import { Principal } from '@dfinity/principal';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../gateway/create-gateway.ts';
import { GatewayNameError, GatewayNames } from '../gateway/gateway-names.ts';
import { createNode } from '../localnet-node.ts';
import { createIdentitySite, IDENTITY_NAME } from './identity-site.ts';

const TIME_NS = 1_700_000_000_000_000_000n;
const site = createIdentitySite({ nowNs: () => TIME_NS });

describe('identity site', () => {
  it.each(['/', '/authorize', '/authorize?openid=https://accounts.google.com'])(
    'shows the page at %s, which takes nothing from elsewhere and gets into no frame',
    async (path) => {
      const response = await site.request(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('Never use it with real money');
      const policy = response.headers.get('content-security-policy') ?? '';
      const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]));
      expect(rules.get('default-src')).toBe("default-src 'none'");
      expect(rules.get('script-src')).toBe("script-src 'self'");
      expect(rules.get('style-src')).toBe("style-src 'self'");
      expect(rules.get('frame-ancestors')).toBe("frame-ancestors 'none'");
      expect(rules.get('base-uri')).toBe("base-uri 'none'");
      expect(rules.get('connect-src')).not.toContain('https:');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('cross-origin-opener-policy')).toBe('unsafe-none');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('has everything the page names', async () => {
    const html = await (await site.request('/')).text();
    const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(paths.toSorted()).toEqual(['/icon.svg', '/page.css', '/page.js']);
    for (const path of paths) expect((await site.request(path)).status).toBe(200);
  });

  it('bundles its script whole: it imports nothing when it runs', async () => {
    const script = await (await site.request('/page.js')).text();
    expect(script).toContain('authorize-client-success');
    expect(script).toContain('icrc34_delegation');
    expect(/(^|[;}\n])(import|export)[\s{*"']/.test(script)).toBe(false);
  });

  it("tells the network's time", async () => {
    expect(await (await site.request('/time')).json()).toEqual({ time_ns: TIME_NS.toString() });
  });

  it('has nothing else', async () => {
    expect((await site.request('/page/main.ts')).status).toBe(404);
    expect((await site.request('/', { method: 'POST' })).status).toBe(404);
  });
});

describe('identity site behind the gateway', () => {
  const names = new GatewayNames();
  names.reserve(IDENTITY_NAME);
  const { host } = createNode({ seed: new Uint8Array(32).fill(1) });
  const api = new Hono();
  api.all('*', (c) => c.text('the API'));
  const sites = new Map([['identity.localhost', site]]);
  const gateway = createGateway({ host, api, names, sites });

  it.each(['identity.localhost', 'identity.localhost:4943', 'IDENTITY.localhost.'])(
    'has the host %s to itself',
    async (host) => {
      const headers = { host };
      const page = await gateway.request('/?canisterId=aaaaa-aa', { headers });
      expect(await page.text()).toContain('Development identity');
      expect(page.headers.get('access-control-allow-origin')).toBeNull();
      expect((await gateway.request('/api/v2/status', { headers })).status).toBe(404);
    },
  );

  it.each([
    'localhost',
    'x.identity.localhost',
    'identity.raw.localhost',
    'identity',
    'a.localhost',
  ])('is not at %s', async (host) => {
    const headers = { host };
    const page = await gateway.request('/', { headers });
    expect(await page.text()).not.toContain('Development identity');
    expect(await (await gateway.request('/api/v2/status', { headers })).text()).toBe('the API');
  });

  it.each(['identity', 'IDENTITY', 'identity.localhost'])('lets no canister be %s', (name) => {
    expect(() => names.register(name, Principal.managementCanister())).toThrow(GatewayNameError);
  });

  it('cannot take a name from a canister', () => {
    const taken = new GatewayNames();
    taken.register('identity', Principal.managementCanister());
    expect(() => taken.reserve('identity')).toThrow(GatewayNameError);
  });
});
