import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standInAssets, type AssetWorld } from './fixtures/asset-worlds.ts';

/** What today's asset canister does and the older Wasm of `assets-upload` does not. */
describe('pages of the asset canister', () => {
  let world: AssetWorld;

  beforeAll(async () => {
    world = await standInAssets();
    const batch = world.manager.batch();
    for (const name of ['index', 'about', 'docs/index', 'docs/more']) {
      const [fileName = '', path] = `${name}.html`.split('/').reverse();
      await batch.store(Buffer.from(name), {
        fileName,
        ...(path !== undefined && { path: `/${path}` }),
      });
    }
    await batch.commit();
  });
  afterAll(() => world.gateway.close());

  it.each([
    ['/', 'index'],
    ['/index', 'index'],
    ['/about', 'about'],
    ['/docs', 'docs/index'],
    ['/docs/', 'docs/index'],
    ['/docs/index', 'docs/index'],
    ['/docs//more', 'docs/more'],
    ['/docs/nothing', 'index'],
    ['/about/', 'index'],
  ])('answers %s with the page %s, verified', async (requested, name) => {
    const page = await world.page(requested);
    expect([page.status, page.text]).toEqual([200, name]);
  });

  it('chooses the encoding by what the client accepts', async () => {
    const text = Buffer.from('compress me '.repeat(100));
    const store = { fileName: 'encoded.txt', contentType: 'text/plain' };
    await world.manager.store(text, store);
    await world.manager.store(gzipSync(text), { ...store, contentEncoding: 'gzip' });
    await world.manager.store(brotliCompressSync(text), { ...store, contentEncoding: 'br' });
    for (const [accepted, chosen, bytes] of [
      ['gzip, deflate, br', 'gzip', gzipSync(text)],
      ['br', 'br', brotliCompressSync(text)],
      ['zstd', undefined, text],
    ] as const) {
      const page = await world.page('/encoded.txt', { headers: { 'accept-encoding': accepted } });
      expect(page.headers['content-encoding']).toBe(chosen);
      expect(Buffer.compare(page.body, bytes)).toBe(0);
    }
  });

  it('sends the headers an asset was created with', async () => {
    const batch = world.manager.batch();
    await batch.store(Buffer.from('<p>safe</p>'), {
      fileName: 'safe.html',
      headers: [
        ['Content-Security-Policy', "default-src 'self'"],
        ['X-Frame-Options', 'DENY'],
      ],
    });
    await batch.commit();
    const page = await world.page('/safe.html');
    expect(page.headers['content-security-policy']).toBe("default-src 'self'");
    expect(page.headers['x-frame-options']).toBe('DENY');
  });

  it('answers that nothing was modified, certified', async () => {
    const first = await world.page('/about.html');
    const { etag } = first.headers;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const second = await world.page('/about.html', { headers: { 'if-none-match': etag ?? '' } });
    expect(second.status).toBe(304);
    expect(second.headers.etag).toBe(etag);
    expect(second.body).toHaveLength(0);
    const other = await world.page('/index.html', { headers: { 'if-none-match': etag ?? '' } });
    expect(other.status).toBe(200);
  });

  it('deletes', async () => {
    await world.manager.store(Buffer.from('gone soon'), { fileName: 'gone.txt' });
    expect((await world.page('/gone.txt')).text).toBe('gone soon');
    await world.manager.delete('/gone.txt');
    await expect(world.manager.get('/gone.txt')).rejects.toThrow('asset not found');
    expect((await world.manager.list()).map(({ key }) => key)).not.toContain('/gone.txt');
    expect((await world.page('/gone.txt')).text).toBe('index');
  });

  it('answers a certified 404 once there is no index.html', async () => {
    const empty = await standInAssets();
    try {
      for (const change of [
        () => Promise.resolve(),
        () => empty.manager.store(Buffer.from('one'), { fileName: 'one.txt' }),
        () => empty.manager.store(Buffer.from('home'), { fileName: 'index.html' }),
        () => empty.manager.clear(),
      ]) {
        await change();
        const hasIndex = (await empty.manager.list()).some(({ key }) => key === '/index.html');
        const page = await empty.page('/two.txt');
        expect(page.headers['x-ic-error-cause']).toBeUndefined();
        expect([page.status, page.text]).toEqual(hasIndex ? [200, 'home'] : [404, 'not found']);
      }
    } finally {
      await empty.gateway.close();
    }
  });
});
