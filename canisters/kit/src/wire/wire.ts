import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { InvariantError, present } from '@decent-cloud/domain/assert.ts';
import { lazy } from '../candid/lazy-type.ts';

/**
 * How a value of the core is written in Candid and read from it. Built when first used: a start must
 * not pay for types that nobody asked for.
 */
export interface Wire<T> {
  readonly type: IDL.Type;
  readonly to: (value: T) => unknown;
  /** Of what was decoded with `type`; see `fromWire`. */
  readonly from: (raw: unknown) => unknown;
  /** Appended to the name of a field that holds it. */
  readonly suffix?: '_ns';
}

/**
 * The value that was decoded with the wire's type. Never fails and checks no rule: brands are given
 * here, and whether the value makes sense is for the core.
 */
export function fromWire<T>(wire: Wire<T>, raw: unknown): T {
  return wire.from(raw) as T;
}

/** The `from` of what only goes out. */
export function unread(): never {
  throw new InvariantError('BUG: this is written only');
}

function plain<T>(type: IDL.Type): Wire<T> {
  return { type, to: (value) => value, from: (raw) => raw };
}

export const text: Wire<string> = plain(IDL.Text);
export const bool: Wire<boolean> = plain(IDL.Bool);
export const nat: Wire<bigint> = plain(IDL.Nat);
export const int: Wire<bigint> = plain(IDL.Int);
export const nat8: Wire<number> = plain(IDL.Nat8);
export const nat16: Wire<number> = plain(IDL.Nat16);
export const nat32: Wire<number> = plain(IDL.Nat32);
export const principal: Wire<Principal> = plain(IDL.Principal);
/**
 * Ids and counters are numbers inside and `nat64` outside. Beyond 2^53 - 1, where no counter ever
 * comes, a number is read as that.
 */
export const count: Wire<number> = {
  type: IDL.Nat64,
  to: (value) => BigInt(value),
  from: (raw) => Math.min(Number(raw), Number.MAX_SAFE_INTEGER),
};
/** Times and durations; the names of their fields end in `_ns`. */
export const nanoseconds: Wire<bigint> = { ...plain<bigint>(IDL.Nat64), suffix: '_ns' };

const BLOB = lazy(() => IDL.Vec(IDL.Nat8));
export const blob: Wire<Uint8Array> = {
  type: BLOB,
  to: (value) => value,
  from: (raw) => Uint8Array.from(raw as Uint8Array),
};
/** What has nothing to tell. */
export const nothing: Wire<null> = plain(IDL.Null);

/** `undefined` is `null` on the wire. */
export function optional<T>(wire: Wire<T>): Wire<T | undefined> {
  return {
    type: lazy(() => IDL.Opt(wire.type)),
    to: (value) => (value === undefined ? [] : [wire.to(value)]),
    from(raw) {
      const some = raw as readonly unknown[];
      return some.length === 0 ? undefined : wire.from(some[0]);
    },
    ...suffixOf(wire),
  };
}

export function list<T>(wire: Wire<T>): Wire<readonly T[]> {
  return {
    type: lazy(() => IDL.Vec(wire.type)),
    to: (values) => values.map((value) => wire.to(value)),
    from: (raw) => Array.from(raw as ArrayLike<unknown>, (item) => wire.from(item)),
    ...suffixOf(wire),
  };
}

/** A number whose meaning only its text names: `renter-cancelled` is `RenterCancelled`. */
export function literals<T extends string>(values: readonly T[]): Wire<T> {
  const cases = once(() => new Map(values.map((value) => [value, { [pascal(value)]: null }])));
  const names = once(() => new Map(values.map((value) => [pascal(value), value])));
  return {
    type: lazy(() =>
      IDL.Variant(Object.fromEntries(values.map((value) => [pascal(value), IDL.Null]))),
    ),
    to: (value) => cases().get(value),
    from: (raw) => present(names().get(caseOf(raw)), 'a case without a value'),
  };
}

export type WireFields<T> = { readonly [Name in keyof T]-?: Wire<T[Name]> };

/** `startedAt` becomes `started_at_ns`, `usdE8` becomes `usd_e8`. */
export function record<T extends object>(fields: WireFields<T>): Wire<T> {
  const shape = once(() => shapeOf<T>(fields));
  return {
    type: lazy(() => IDL.Record(typesOf(shape()))),
    to: (value) => recordToWire(shape(), value),
    from: (raw) => recordFromWire(shape(), raw),
  };
}

type Kinded = { readonly kind: string };
/** The fields of each arm of a union, without `kind` itself. An arm without fields is `null`. */
export type WireArms<U extends Kinded> = {
  readonly [Kind in U['kind']]: WireFields<Omit<Extract<U, { readonly kind: Kind }>, 'kind'>>;
};

/** A union discriminated on `kind` as a variant; `not-found` becomes `NotFound`. */
export function union<U extends Kinded>(arms: WireArms<U>): Wire<U> {
  const all = once(() => {
    const entries = Object.entries<WireFields<object>>(arms);
    return entries.map(([kind, fields]) => ({
      kind,
      name: pascal(kind),
      fields: shapeOf(fields),
    }));
  });
  const shapes = once(() => new Map(all().map((arm) => [arm.kind, arm])));
  const byName = once(() => new Map(all().map((arm) => [arm.name, arm])));
  return {
    type: lazy(() => {
      const cases = all().map(({ name, fields }) => [name, armType(fields)]);
      return IDL.Variant(Object.fromEntries(cases) as Record<string, IDL.Type>);
    }),
    to: (value) => {
      const shape = shapes().get(value.kind);
      if (shape === undefined) throw new Error(`BUG: no wire form for kind ${value.kind}`);
      const { name, fields } = shape;
      return { [name]: fields.length === 0 ? null : recordToWire(fields, value) };
    },
    from(raw) {
      const { kind, name, fields } = present(byName().get(caseOf(raw)), 'an arm without a kind');
      const body = (raw as Readonly<Record<string, unknown>>)[name];
      return { kind, ...(fields.length === 0 ? {} : recordFromWire(fields, body)) };
    },
  };
}

/** The one case that a decoded variant has. */
function caseOf(raw: unknown): string {
  return present(Object.keys(raw as object)[0], 'a variant without a case');
}

interface ShapeField {
  readonly name: string;
  readonly wireName: string;
  readonly wire: Wire<unknown>;
}

function shapeOf<T extends object>(fields: WireFields<T>): readonly ShapeField[] {
  const entries = Object.entries<Wire<unknown>>(
    fields as unknown as Readonly<Record<string, Wire<unknown>>>,
  );
  return entries.map(([name, wire]) => ({
    name,
    wireName: wireNameOf(name, wire.suffix ?? ''),
    wire,
  }));
}

function typesOf(shape: readonly ShapeField[]): Record<string, IDL.Type> {
  return Object.fromEntries(shape.map(({ wireName, wire }) => [wireName, wire.type]));
}

function armType(shape: readonly ShapeField[]): IDL.Type {
  return shape.length === 0 ? IDL.Null : IDL.Record(typesOf(shape));
}

function recordToWire(shape: readonly ShapeField[], value: object): Record<string, unknown> {
  const source = value as Readonly<Record<string, unknown>>;
  const target: Record<string, unknown> = {};
  for (const { name, wireName, wire } of shape) target[wireName] = wire.to(source[name]);
  return target;
}

/** A field that is undefined is left out, as stored values have it. */
function recordFromWire(shape: readonly ShapeField[], raw: unknown): object {
  const source = raw as Readonly<Record<string, unknown>>;
  const target: Record<string, unknown> = {};
  for (const { name, wireName, wire } of shape) {
    const value = wire.from(source[wireName]);
    if (value !== undefined) target[name] = value;
  }
  return target;
}

/** `noticeNs` with the suffix `_ns` stays `notice_ns`. */
function wireNameOf(name: string, suffix: string): string {
  const snake = snakeCase(name);
  return snake.endsWith(suffix) ? snake : snake + suffix;
}

function snakeCase(name: string): string {
  let snake = '';
  for (const char of name) {
    const lower = char.toLowerCase();
    snake += char === lower ? char : `_${lower}`;
  }
  return snake;
}

function pascal(kind: string): string {
  const words = kind.split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function suffixOf(wire: Pick<Wire<unknown>, 'suffix'>): { readonly suffix?: '_ns' } {
  return wire.suffix === undefined ? {} : { suffix: wire.suffix };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
