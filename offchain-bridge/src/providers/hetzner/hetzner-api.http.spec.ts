import { afterEach, describe, expect, it } from 'vitest';
import { scriptedHttp, type Answer, type ScriptedHttp } from '../../../test/scripted-http.fake.ts';
import type { RateReading } from '../../core/rate-bucket.ts';
import { HetznerApi, type SendOptions } from './hetzner-api.http.ts';
import { HetznerError } from './hetzner-error.ts';

const TOKEN = 'secret-3n7';

let http: ScriptedHttp | undefined;
afterEach(async () => {
  await http?.close();
  http = undefined;
});

async function apiThat(answer: Answer): Promise<HetznerApi> {
  http = await scriptedHttp(() => answer);
  return new HetznerApi({ token: TOKEN, baseUrl: http.url });
}

function options(change: Partial<SendOptions> = {}): SendOptions {
  const { signal } = new AbortController();
  return { signal, timeoutMs: 20_000, onRate: () => undefined, ...change };
}

async function failureOf(sent: Promise<unknown>): Promise<HetznerError> {
  const error: unknown = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof HetznerError) return error;
  throw new Error('no HetznerError');
}

describe('HetznerApi', () => {
  it('sends lists of values the way Hetzner reads them', async () => {
    const api = await apiThat({ body: { images: [] } });
    await api.get('/images', { architecture: ['x86', 'arm'], page: 1 }, options());
    expect(http?.seen[0]?.query.getAll('architecture')).toEqual(['x86', 'arm']);
    expect(http?.seen[0]?.query.get('page')).toBe('1');
    expect(http?.seen[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('hands bodies on as they are, in both directions', async () => {
    const api = await apiThat({ status: 201, body: { any: ['thing', null] } });
    expect(await api.post('/servers', { name: 'a' }, options())).toEqual({ any: ['thing', null] });
    expect(http?.seen[0]).toMatchObject({ method: 'POST', path: '/servers', body: { name: 'a' } });
  });

  it.each([
    ['powerOn', 'poweron'],
    ['powerOff', 'poweroff'],
    ['shutdown', 'shutdown'],
    ['reboot', 'reboot'],
  ] as const)('%s', async (action, path) => {
    const api = await apiThat({ status: 201, body: { action: { id: 1, status: 'running' } } });
    await api.switchServer(7, action, options());
    expect(http?.seen[0]).toMatchObject({ method: 'POST', path: `/servers/7/actions/${path}` });
  });

  it('takes both protections off', async () => {
    const api = await apiThat({ status: 201, body: { action: { id: 1 } } });
    await api.unprotectServer(7, options());
    expect(http?.seen[0]).toMatchObject({
      path: '/servers/7/actions/change_protection',
      body: { delete: false, rebuild: false },
    });
  });

  it('deletes', async () => {
    const api = await apiThat({ body: { action: { id: 1, finished: null } } });
    await api.deleteServer(7, options());
    expect(http?.seen[0]).toMatchObject({ method: 'DELETE', path: '/servers/7' });
  });

  it('tells the limit of answers and of errors', async () => {
    const readings: RateReading[] = [];
    const headers = { 'ratelimit-limit': '3600', 'ratelimit-remaining': '0' };
    const api = await apiThat({
      status: 429,
      headers,
      body: { error: { code: 'rate_limit_exceeded', message: 'limit' } },
    });
    const onRate = (reading: RateReading): void => void readings.push(reading);
    const { failure } = await failureOf(api.get('/servers', {}, options({ onRate })));
    expect(failure).toMatchObject({ kind: 'refused', status: 429, code: 'rate_limit_exceeded' });
    expect(readings).toEqual([{ limit: 3_600, remaining: 0, fullInSeconds: undefined }]);
  });

  it.each<[string, Answer, object]>([
    ['a page of a proxy', { status: 502, body: '<h1>502</h1>' }, { kind: 'refused', status: 502 }],
    ['an empty error', { status: 500, body: '' }, { kind: 'refused', status: 500 }],
    ['a broken connection', 'reset', { kind: 'lost' }],
  ])('makes a real error of %s, with every method', async (_name, answer, failure) => {
    const api = await apiThat(answer);
    for (const sent of [
      api.get('/servers', {}, options()),
      api.deleteServer(7, options()),
      api.switchServer(7, 'powerOn', options()),
    ]) {
      const error = await failureOf(sent);
      expect(error.failure).toMatchObject(failure);
      expect(error).toBeInstanceOf(Error);
      expect(error.stack).toContain('HetznerError');
    }
  });

  it('survives an answer that hcloud-js cannot read', async () => {
    const api = await apiThat({ status: 200, body: '<html>' });
    const { failure } = await failureOf(api.deleteServer(7, options()));
    expect(failure.kind).toBe('unreadable');
  });

  it('follows no redirect: the token is for Hetzner alone', async () => {
    const elsewhere = await scriptedHttp(() => ({ body: {} }));
    const api = await apiThat({ status: 302, headers: { location: `${elsewhere.url}/servers` } });
    const { failure } = await failureOf(api.get('/servers', {}, options()));
    expect(failure).toMatchObject({ kind: 'refused', status: 302, code: undefined });
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });

  it('ends in time, and when it is given up', async () => {
    const api = await apiThat('silence');
    const late = await failureOf(api.get('/servers', {}, options({ timeoutMs: 20 })));
    expect(late.failure).toEqual({ kind: 'lost' });
    const controller = new AbortController();
    const sent = failureOf(api.get('/servers', {}, options({ signal: controller.signal })));
    controller.abort();
    expect((await sent).failure).toEqual({ kind: 'given-up' });
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const api = await apiThat({});
    await http?.close();
    http = undefined;
    const { failure } = await failureOf(api.post('/servers', {}, options()));
    expect(failure).toEqual({ kind: 'not-sent' });
  });

  it('keeps the token out of its errors, whatever is sent back', async () => {
    const api = await apiThat({ status: 500, body: `you sent Bearer ${TOKEN}` });
    const error = await failureOf(api.get('/servers', {}, options()));
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack ?? ''}`).not.toContain(TOKEN);
    expect(error.cause).toBeUndefined();
  });
});
