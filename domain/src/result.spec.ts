import { describe, expect, it } from 'vitest';
import { invariant, present } from './assert.ts';
import { andThen, err, mapOk, ok, type Result } from './result.ts';

const half = (value: number): Result<number, { kind: 'odd' }> =>
  value % 2 === 0 ? ok(value / 2) : err({ kind: 'odd' });

describe('Result', () => {
  it('passes a success through each step', () => {
    expect(andThen(half(12), half)).toEqual(ok(3));
    expect(mapOk(half(12), String)).toEqual(ok('6'));
  });

  it('stops at the first refusal', () => {
    expect(andThen(half(6), half)).toEqual(err({ kind: 'odd' }));
    expect(andThen(half(3), half)).toEqual(err({ kind: 'odd' }));
    expect(mapOk(half(3), String)).toEqual(err({ kind: 'odd' }));
  });
});

describe('invariant', () => {
  it('throws a message that names itself a bug', () => {
    expect(() => invariant(false, 'two owners')).toThrow('BUG: two owners');
    expect(() => invariant(true, 'unused')).not.toThrow();
  });

  it('gives back what is present', () => {
    expect(present(0, 'missing')).toBe(0);
    expect(() => present(undefined, 'missing')).toThrow('BUG: missing');
  });
});
