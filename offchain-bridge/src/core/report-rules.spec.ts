import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import type { JobEvent } from './job-report.ts';
import { oneLine } from './one-line.ts';
import { fittingEvent } from './report-rules.ts';
import { serviceUrlOf } from './service-url.ts';

const texts = fc.string({ unit: 'binary', maxLength: 3_000 });
const CONTROL = /\p{Cc}/u;

describe('fittingEvent', () => {
  it('makes every text and number fit what the canister takes', () => {
    const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(texts, numbers, numbers, (text, index, of) => {
        const step = fittingEvent({ kind: 'step', step: 'booting', index, of, note: text });
        expect(step.kind === 'step' && step.note.length <= 200 && !CONTROL.test(step.note)).toBe(
          true,
        );
        if (step.kind === 'step') {
          expect(step.of).toBeLessThanOrEqual(1_000);
          expect(step.index).toBeLessThanOrEqual(step.of);
          expect(step.index).toBeGreaterThanOrEqual(0);
        }
        const event: JobEvent = {
          kind: 'problem',
          class: 'config',
          message: text,
          retryAfterMs: index,
        };
        const problem = fittingEvent(event);
        expect(problem.kind === 'problem' && problem.message.length <= 1_000).toBe(true);
        expect(problem.kind === 'problem' && problem.retryAfterMs).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });

  it('gives a reason where one must be', () => {
    const result = { kind: 'rolled-back', reason: '\n' } as const;
    expect(fittingEvent({ kind: 'succeeded', result })).toMatchObject({
      result: { reason: 'unknown' },
    });
  });
});

describe('oneLine', () => {
  it('keeps what fits and marks what was cut', () => {
    expect(oneLine('a\r\nb\tc', 10)).toBe('a b c');
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });
});

describe('backoffMs', () => {
  it('grows, is never above the longest nor below half of the full time', () => {
    const rule = { firstMs: 500, longestMs: 5_000 };
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
        const waitMs = backoffMs(rule, tries, random);
        const fullMs = backoffMs(rule, tries, 0);
        expect(fullMs).toBeLessThanOrEqual(5_000);
        expect(waitMs).toBeGreaterThanOrEqual(Math.floor(fullMs / 2));
        expect(waitMs).toBeLessThanOrEqual(fullMs);
      }),
    );
    expect([1, 2, 3, 4, 5].map((tries) => backoffMs(rule, tries, 0))).toEqual([
      500, 1_000, 2_000, 4_000, 5_000,
    ]);
  });
});

describe('serviceUrlOf', () => {
  it('fills in what is known and nothing else', () => {
    const facts = { ip: '1.2.3.4', hostname: 'dc-a-1', values: [{ name: 'PORT', value: '80' }] };
    const filled = serviceUrlOf('http://{ip}:{PORT}/{hostname}/{PASSWORD}', facts);
    expect(filled).toBe('http://1.2.3.4:80/dc-a-1/');
    expect(serviceUrlOf('', facts)).toBe('');
  });
});
