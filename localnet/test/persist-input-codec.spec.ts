import { Principal } from '@dfinity/principal';
import { encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplicaInput } from '../src/core/replica-api.ts';
import { RejectCode, type MessageId } from '../src/core/types.ts';
import { decodeInput, encodeInput } from '../src/persist/input-codec.ts';

const bytes = fc.uint8Array({ maxLength: 100 });
const principal = fc
  .uint8Array({ minLength: 0, maxLength: 29 })
  .map((raw) => Principal.fromUint8Array(raw));
const nat64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const cycles = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const messageId = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((raw) => Buffer.from(raw).toString('hex') as MessageId);

const input: fc.Arbitrary<ReplicaInput> = fc.oneof(
  fc.record({
    kind: fc.constant('ingress' as const),
    message: fc.record({
      id: messageId,
      sender: principal,
      canisterId: principal,
      method: fc.string(),
      arg: bytes,
      expiryNs: nat64,
    }),
  }),
  fc.record({ kind: fc.constant('round' as const), atNs: nat64 }),
  fc.record({
    kind: fc.constant('http-answer' as const),
    id: fc.nat(),
    answer: fc.oneof(
      fc.record({
        kind: fc.constant('reply' as const),
        status: fc.integer({ min: 100, max: 599 }),
        headers: fc.array(fc.record({ name: fc.string(), value: fc.string() })),
        body: bytes,
      }),
      fc.record({
        kind: fc.constant('reject' as const),
        code: fc.constantFrom(...Object.values(RejectCode)),
        message: fc.string(),
      }),
    ),
  }),
  fc.record({ kind: fc.constant('add-cycles' as const), canisterId: principal, amount: cycles }),
  fc.record({ kind: fc.constant('set-stable-memory' as const), canisterId: principal, bytes }),
);

describe('input codec', () => {
  it('gives back every input', () => {
    fc.assert(
      fc.property(input, (value) => {
        expect(textOf(decodeInput(encodeInput(value)))).toBe(textOf(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['an unknown kind', { kind: 'reboot' }],
    ['a round without time', { kind: 'round' }],
    ['a negative time', { kind: 'round', atNs: '-1' }],
    ['an unknown reject code', { kind: 'http-answer', id: 1, answer: { kind: 'reject', code: 9 } }],
  ])('refuses %s', (_, value) => {
    expect(() => decodeInput(encode(value))).toThrow();
  });
});

/** Principals compare by text, everything else by value. */
function textOf(value: ReplicaInput): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return `${item.toString()}n`;
    return item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item;
  });
}
