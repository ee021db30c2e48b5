import { describe, expect, it } from 'vitest';
import { answerHttp } from './http-pages.ts';
import { gauge, metricsText } from './metrics.ts';

const pages = {
  version: '1.2.3',
  metrics: () => [gauge({ name: 'dc_things', help: 'How many things', value: 7n })],
};
const get = (url: string, method = 'GET') => answerHttp({ url, method }, pages);
const bodyOf = (answer: { body: Uint8Array }) => Buffer.from(answer.body).toString();

describe('answerHttp', () => {
  it('says at /healthz that it lives and in which version', () => {
    const answer = get('/healthz');
    expect(answer.status_code).toBe(200);
    expect(JSON.parse(bodyOf(answer))).toEqual({ status: 'ok', version: '1.2.3' });
  });

  it('says there what troubles it', () => {
    const troubled = { ...pages, troubles: () => ['a', 'b'] };
    const answer = answerHttp({ url: '/healthz', method: 'GET' }, troubled);
    expect(answer.status_code).toBe(200);
    expect(JSON.parse(bodyOf(answer))).toEqual({
      status: 'degraded',
      version: '1.2.3',
      troubles: ['a', 'b'],
    });
    const untroubled = { ...pages, troubles: () => [] };
    expect(bodyOf(answerHttp({ url: '/healthz', method: 'GET' }, untroubled))).toBe(
      bodyOf(get('/healthz')),
    );
  });

  it('shows its metrics at /metrics, whatever the query string', () => {
    const answer = get('/metrics?x=1');
    expect(answer.status_code).toBe(200);
    expect(answer.headers).toContainEqual(['content-type', 'text/plain; version=0.0.4']);
    expect(bodyOf(answer)).toBe(
      '# HELP dc_things How many things\n# TYPE dc_things gauge\ndc_things 7\n',
    );
  });

  it('answers HEAD without a body and refuses other methods and pages', () => {
    expect(get('/healthz', 'HEAD')).toMatchObject({ status_code: 200, body: new Uint8Array(0) });
    expect(get('/healthz', 'POST').status_code).toBe(405);
    for (const url of ['/', '', '/healthz/', '/secret']) expect(get(url).status_code).toBe(404);
  });
});

describe('metricsText', () => {
  it('escapes labels and help', () => {
    const text = metricsText([
      {
        name: 'dc_x',
        help: 'a\\b\nc',
        kind: 'counter',
        samples: [
          { labels: { kind: 'say "hi"\n' }, value: 1 },
          { labels: { kind: 'b', more: 'c' }, value: 2.5 },
        ],
      },
    ]);
    expect(text).toBe(
      '# HELP dc_x a\\\\b\\nc\n# TYPE dc_x counter\n' +
        'dc_x{kind="say \\"hi\\"\\n"} 1\ndc_x{kind="b",more="c"} 2.5\n',
    );
  });
});
