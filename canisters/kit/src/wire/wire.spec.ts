import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blob,
  bool,
  count,
  fromWire,
  int,
  list,
  literals,
  nanoseconds,
  nat,
  nat16,
  nat32,
  nat8,
  nothing,
  optional,
  principal,
  record,
  text,
  union,
  type Wire,
} from './wire.ts';

type Shape =
  { readonly kind: 'round'; readonly radiusNs: bigint } | { readonly kind: 'no-shape-at-all' };

interface Everything {
  readonly name: string;
  readonly isOn: boolean;
  readonly amount: bigint;
  readonly change: bigint;
  readonly small: number;
  readonly medium: number;
  readonly large: number;
  readonly id: number;
  readonly startedAt: bigint;
  readonly owner: Principal;
  readonly bytes: Uint8Array;
  readonly colour: 'red' | 'dark-blue';
  readonly shapes: readonly Shape[];
  readonly note?: string | undefined;
  readonly until?: bigint | undefined;
  readonly done: null;
}

const everything = record<Everything>({
  name: text,
  isOn: bool,
  amount: nat,
  change: int,
  small: nat8,
  medium: nat16,
  large: nat32,
  id: count,
  startedAt: nanoseconds,
  owner: principal,
  bytes: blob,
  colour: literals<Everything['colour']>(['red', 'dark-blue']),
  shapes: list(union<Shape>({ round: { radiusNs: nanoseconds }, 'no-shape-at-all': {} })),
  note: optional(text),
  until: optional(nanoseconds),
  done: nothing,
});

const uint64 = fc.bigInt(0n, 2n ** 64n - 1n);
const anyShape: fc.Arbitrary<Shape> = fc.oneof(
  uint64.map((radiusNs) => ({ kind: 'round' as const, radiusNs })),
  fc.constant({ kind: 'no-shape-at-all' as const }),
);
const anything: fc.Arbitrary<Everything> = fc.record(
  {
    name: fc.string({ unit: 'grapheme' }),
    isOn: fc.boolean(),
    amount: fc.bigInt({ min: 0n }),
    change: fc.bigInt(),
    small: fc.nat(255),
    medium: fc.nat(65_535),
    large: fc.nat(2 ** 32 - 1),
    id: fc.maxSafeNat(),
    startedAt: uint64,
    owner: fc.uint8Array({ maxLength: 29 }).map((bytes) => Principal.fromUint8Array(bytes)),
    bytes: fc.uint8Array({ maxLength: 40 }),
    colour: fc.constantFrom('red', 'dark-blue'),
    shapes: fc.array(anyShape, { maxLength: 3 }),
    note: fc.string(),
    until: uint64,
    done: fc.constant(null),
  },
  { requiredKeys: without('note', 'until') },
);

function without(...optionalKeys: readonly string[]) {
  const names: (keyof Everything)[] = [
    'name',
    'isOn',
    'amount',
    'change',
    'small',
    'medium',
    'large',
    'id',
    'startedAt',
    'owner',
    'bytes',
    'colour',
    'shapes',
    'done',
  ];
  return names.filter((name) => !optionalKeys.includes(name));
}

function throughCandid<T>(wire: Wire<T>, value: T): unknown {
  const bytes = new Uint8Array(IDL.encode([wire.type], [wire.to(value)]));
  return IDL.decode([wire.type], bytes)[0];
}

describe('wires', () => {
  it('read back what they wrote', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(fromWire(everything, throughCandid(everything, value))).toEqual(value);
      }),
    );
  });

  it('name fields, times and cases as Candid users expect', () => {
    const round = union<Shape>({ round: { radiusNs: nanoseconds }, 'no-shape-at-all': {} });
    expect(throughCandid(round, { kind: 'no-shape-at-all' })).toEqual({ NoShapeAtAll: null });
    expect(throughCandid(round, { kind: 'round', radiusNs: 5n })).toEqual({
      Round: { radius_ns: 5n },
    });
    const start = record<{ startedAt: bigint }>({ startedAt: nanoseconds });
    expect(throughCandid(start, { startedAt: 7n })).toEqual({ started_at_ns: 7n });
  });

  it('read an id that no counter reaches as the largest', () => {
    expect(fromWire(count, 2n ** 64n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(fromWire(count, 5n)).toBe(5);
  });
});
