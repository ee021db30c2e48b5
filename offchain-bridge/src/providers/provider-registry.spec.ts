import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedHttp, type ScriptedHttp } from '../../test/scripted-http.fake.ts';
import type { CloudAccountId } from '../core/ids.ts';
import { FakeClock } from '../testing/fake-clock.fake.ts';
import { ProviderRegistry } from './provider-registry.ts';

const FIRST = 1 as CloudAccountId;
const SECOND = 2 as CloudAccountId;
const NOBODY = new AbortController().signal;

describe('ProviderRegistry', () => {
  let http: ScriptedHttp;
  beforeEach(async () => {
    http = await scriptedHttp(() => ({ body: { servers: [] } }));
  });
  afterEach(() => http.close());

  function registry(isEnabled = true): ProviderRegistry {
    const deps = { clock: new FakeClock(), random: () => 0.5 };
    return new ProviderRegistry({ hetzner: { url: http.url, isEnabled } }, deps);
  }

  it('opens Hetzner at the address of the configuration, with the token', async () => {
    const cloud = registry().open({ account: FIRST, backend: 'hetzner', token: 'abc' });
    expect(await cloud.findByName('dc-market-7', NOBODY)).toBeUndefined();
    expect(http.seen[0]?.headers.authorization).toBe('Bearer abc');
  });

  it('gives an account one rate limit, however often it is opened', async () => {
    const clouds = registry();
    const first = clouds.open({ account: FIRST, backend: 'hetzner', token: 'old' });
    await first.findByName('a', NOBODY);
    const again = clouds.open({ account: FIRST, backend: 'hetzner', token: 'new' });
    await again.findByName('b', NOBODY);
    expect(again.usage().requests).toBe(2);
    const other = clouds.open({ account: SECOND, backend: 'hetzner', token: 'new' });
    expect(other.usage().requests).toBe(0);
  });

  it('lets jobs wait while the cloud is switched off', () => {
    const open = () => registry(false).open({ account: FIRST, backend: 'hetzner', token: 'abc' });
    expect(open).toThrow('switched Hetzner off');
    expect(open).toThrow(expect.objectContaining({ class: 'transient', retryAfterMs: 60_000 }));
  });

  it.each(['digitalocean', 'vultr', 'docker', 'proxmox'] as const)(
    'does not know %s',
    (backend) => {
      const open = () => registry().open({ account: FIRST, backend, token: 'abc' });
      expect(open).toThrow(/does not work with (DigitalOcean|Vultr|Docker|Proxmox)/);
      expect(open).toThrow(expect.objectContaining({ class: 'config' }));
    },
  );

  it.each(['', 'two words', 'line\nbreak', 'umläut'])('refuses what is no token', (token) => {
    const open = () => registry().open({ account: FIRST, backend: 'hetzner', token });
    expect(open).toThrow(expect.objectContaining({ class: 'auth' }));
  });
});
