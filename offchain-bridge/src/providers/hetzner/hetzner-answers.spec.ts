import { describe, expect, it } from 'vitest';
import { errorIn, errorOfNetwork, rateIn, type RawAnswer } from './hetzner-answers.ts';
import { isGone } from './hetzner-error.ts';

const TOKEN = 'tok-3n';

function answerOf(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): RawAnswer {
  return { status, body, header: (name) => headers[name] };
}

describe('errorIn', () => {
  it('finds none in what went well', () => {
    expect(errorIn(answerOf(200, 'anything'), TOKEN)).toBeUndefined();
    expect(errorIn(answerOf(204, ''), TOKEN)).toBeUndefined();
  });

  it('reads code, fields, limits and the id of the request', () => {
    const body = {
      error: {
        code: 'resource_limit_exceeded',
        message: 'limit',
        details: { limits: [{ name: 'primary_ip_limit' }], fields: [{ name: 'image' }] },
      },
    };
    const error = errorIn(answerOf(403, body, { 'x-correlation-id': 'c-1' }), TOKEN);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      message: 'resource_limit_exceeded: limit',
      correlationId: 'c-1',
      failure: {
        kind: 'refused',
        status: 403,
        code: 'resource_limit_exceeded',
        limits: ['primary_ip_limit'],
        fields: ['image'],
      },
    });
  });

  it.each<[string, unknown]>([
    ['empty details', { error: { code: 'invalid_input', message: 'm', details: {} } }],
    ['no details', { error: { code: 'invalid_input', message: 'm', details: null } }],
    ['details of another form', { error: { code: 'invalid_input', details: 'x', message: 7 } }],
  ])('reads an error with %s', (_name, body) => {
    const failure = { kind: 'refused', code: 'invalid_input', fields: [], limits: [] };
    expect(errorIn(answerOf(422, body), TOKEN)).toMatchObject({ failure });
  });

  it.each<[string, unknown]>([
    ['a page', '<html><body>502 Bad Gateway</body></html>'],
    ['nothing', ''],
    ['no body', undefined],
    ['a list', []],
    ['another object', { message: 'no' }],
  ])('has no code for %s', (_name, body) => {
    const failure = { kind: 'refused', status: 502, code: undefined };
    expect(errorIn(answerOf(502, body), TOKEN)).toMatchObject({ failure });
  });

  it('tells a server that is gone from an address that does not exist', () => {
    const gone = { error: { code: 'not_found', message: "server with ID '7' not found" } };
    expect(isGone(errorIn(answerOf(404, gone), TOKEN))).toBe(true);
    const lost = { error: { code: 'not_found', message: 'api route not found' } };
    expect(isGone(errorIn(answerOf(404, lost), TOKEN))).toBe(false);
    expect(isGone(errorIn(answerOf(404, 'not_found'), TOKEN))).toBe(false);
  });

  it('takes secrets out of what it keeps, and cuts it', () => {
    const long = 'z'.repeat(900);
    const body = `<p>${TOKEN}</p>\n Authorization: Bearer abc ${long}`;
    const text = errorIn(answerOf(500, body), TOKEN)?.message ?? '';
    expect(text).toContain('<p>[secret]</p> Authorization: [secret]');
    expect(text.length).toBeLessThan(320);
  });
});

describe('errorOfNetwork', () => {
  it.each([
    ['ECONNREFUSED', 'not-sent'],
    ['ENOTFOUND', 'not-sent'],
    ['EAI_AGAIN', 'not-sent'],
    ['CERT_HAS_EXPIRED', 'not-sent'],
    ['ECONNRESET', 'lost'],
    ['ETIMEDOUT', 'lost'],
    ['ERR_BAD_RESPONSE', 'lost'],
    [undefined, 'lost'],
  ])('%s: %s', (code, kind) => {
    expect(errorOfNetwork({ code, message: 'm' }, TOKEN).failure).toEqual({ kind });
  });
});

describe('rateIn', () => {
  const HEADERS = {
    'ratelimit-limit': '3600',
    'ratelimit-remaining': '3590',
    'ratelimit-reset': '1795000010',
    date: new Date(1_795_000_000_000).toUTCString(),
  };
  const rate = (headers: Readonly<Record<string, string>>) => rateIn(answerOf(200, {}, headers));

  it("counts until the limit is full by the cloud's own clock", () => {
    expect(rate(HEADERS)).toEqual({ limit: 3_600, remaining: 3_590, fullInSeconds: 10 });
  });

  it('reads what is there', () => {
    const { date, ...rest } = HEADERS;
    expect(date).toContain('GMT');
    expect(rate(rest)).toEqual({ limit: 3_600, remaining: 3_590, fullInSeconds: undefined });
    expect(rate({})).toBeUndefined();
    expect(rate({ ...HEADERS, 'ratelimit-remaining': 'many' })).toBeUndefined();
    expect(rate({ ...HEADERS, 'ratelimit-limit': '0' })).toBeUndefined();
  });
});
