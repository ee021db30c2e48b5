import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { internalError, requestError } from '@decent-cloud/domain/error-envelope.ts';
import { temporaryError, type ErrorEnvelope } from '@decent-cloud/domain/error-envelope.ts';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { COMMON_LEAVES, CommonError, found, invalidArgument } from './common-errors.ts';
import { envelopeToWire, envelopeType, resultType, toWire } from './error-idl.ts';
import { pageToWire, parsePage } from './page-argument.ts';

function throughCandid(type: IDL.Type, value: unknown): unknown {
  return IDL.decode([type], new Uint8Array(IDL.encode([type], [value])))[0];
}

const errors: { error: ErrorEnvelope; wire: object }[] = [
  {
    error: requestError({ kind: 'not-found' }, 'gone'),
    wire: { kind: { RequestError: [{ NotFound: null }] }, message: 'gone' },
  },
  {
    error: invalidArgument({ argument: 'limit', rule: 'too big' }).error,
    wire: {
      kind: { RequestError: [{ InvalidArgument: { argument: 'limit' } }] },
      message: 'limit: too big',
    },
  },
  {
    error: temporaryError({ kind: 'busy' }, 'wait'),
    wire: { kind: { TemporaryError: [{ Busy: null }] }, message: 'wait' },
  },
  {
    error: internalError({ kind: 'unexpected' }, 'sorry'),
    wire: { kind: { InternalError: [{ Unexpected: null }] }, message: 'sorry' },
  },
];

describe('error envelope', () => {
  it.each(errors)('goes over the wire: $error.message', ({ error, wire }) => {
    expect(throughCandid(CommonError, envelopeToWire(error))).toEqual(wire);
  });

  it('reaches an older client as the same arm with no leaf', () => {
    const request = { ...COMMON_LEAVES.request, 'sold-out': IDL.Record({ until: IDL.Nat64 }) };
    const newer = envelopeType({ ...COMMON_LEAVES, request });
    const error = requestError({ kind: 'sold-out', until: 5n }, 'sold out');
    const bytes = new Uint8Array(IDL.encode([newer], [envelopeToWire(error)]));
    expect(IDL.decode([CommonError], bytes)[0]).toEqual({
      kind: { RequestError: [] },
      message: 'sold out',
    });
    expect(IDL.subtype(newer, CommonError)).toBe(true);
  });

  it('writes results as Ok and Err', () => {
    const type = resultType(IDL.Text, CommonError);
    expect(throughCandid(type, toWire(ok(5), String))).toEqual({ Ok: '5' });
    const refused = toWire(err(requestError({ kind: 'not-found' }, 'gone')), String);
    expect(throughCandid(type, refused)).toHaveProperty('Err.message', 'gone');
  });

  it('gives what is found and refuses what is not', () => {
    expect(found(0, 'thing')).toEqual(ok(0));
    expect(found(undefined, 'thing')).toMatchObject({ error: { leaf: { kind: 'not-found' } } });
  });
});

describe('pages on the wire', () => {
  it('parses a request', () => {
    expect(parsePage({ from: [], limit: 5, newest_first: true }, 10)).toEqual(
      ok({ order: 'newest-first', from: undefined, limit: 5 }),
    );
    expect(parsePage({ from: [7n], limit: 10, newest_first: false }, 10)).toEqual(
      ok({ order: 'oldest-first', from: 7, limit: 10 }),
    );
  });

  it.each([0, 11, 2 ** 32 - 1])('refuses a page of %d rows where 10 are allowed', (limit) => {
    expect(parsePage({ from: [], limit, newest_first: true }, 10)).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'limit' } },
    });
  });

  it('writes a page', () => {
    expect(pageToWire({ rows: [{ seq: 3, value: 'x' }], next: 4 }, (value) => value)).toEqual({
      rows: [{ seq: 3n, value: 'x' }],
      next: [4n],
    });
    expect(pageToWire({ rows: [], next: undefined }, String)).toEqual({ rows: [], next: [] });
  });
});
