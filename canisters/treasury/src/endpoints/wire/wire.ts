import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';

/**
 * How a value of the core is written in Candid. Built when first used: a start must not pay for types
 * that nobody asked for.
 */
export interface Wire<T> {
  readonly type: IDL.Type;
  readonly to: (value: T) => unknown;
  /** Appended to the name of a field that holds it. */
  readonly suffix?: '_ns';
}

const same = (value: unknown): unknown => value;

export const text: Wire<string> = { type: IDL.Text, to: same };
export const bool: Wire<boolean> = { type: IDL.Bool, to: same };
export const nat: Wire<bigint> = { type: IDL.Nat, to: same };
export const int: Wire<bigint> = { type: IDL.Int, to: same };
export const nat8: Wire<number> = { type: IDL.Nat8, to: same };
export const nat16: Wire<number> = { type: IDL.Nat16, to: same };
export const nat32: Wire<number> = { type: IDL.Nat32, to: same };
export const principal: Wire<Principal> = { type: IDL.Principal, to: same };
/** Ids and counters are numbers inside and `nat64` outside. */
export const count: Wire<number> = { type: IDL.Nat64, to: (value) => BigInt(value) };
/** Times and durations; the names of their fields end in `_ns`. */
export const nanoseconds: Wire<bigint> = { type: IDL.Nat64, to: same, suffix: '_ns' };

const BLOB = lazy(() => IDL.Vec(IDL.Nat8));
export const blob: Wire<Uint8Array> = { type: BLOB, to: same };

/** `undefined` is `null` on the wire. */
export function optional<T>(wire: Wire<T>): Wire<T | undefined> {
  return {
    type: lazy(() => IDL.Opt(wire.type)),
    to: (value) => (value === undefined ? [] : [wire.to(value)]),
    ...suffixOf(wire),
  };
}

export function list<T>(wire: Wire<T>): Wire<readonly T[]> {
  return {
    type: lazy(() => IDL.Vec(wire.type)),
    to: (values) => values.map((value) => wire.to(value)),
    ...suffixOf(wire),
  };
}

/** A number whose meaning only its text names: `renter-cancelled` is `RenterCancelled`. */
export function literals<T extends string>(values: readonly T[]): Wire<T> {
  const cases = once(() => new Map(values.map((value) => [value, { [pascal(value)]: null }])));
  return {
    type: lazy(() =>
      IDL.Variant(Object.fromEntries(values.map((value) => [pascal(value), IDL.Null]))),
    ),
    to: (value) => cases().get(value),
  };
}

export type WireFields<T> = { readonly [Name in keyof T]-?: Wire<T[Name]> };

/** `startedAt` becomes `started_at_ns`, `usdE8` becomes `usd_e8`. */
export function record<T extends object>(fields: WireFields<T>): Wire<T> {
  const shape = once(() => shapeOf<T>(fields));
  return {
    type: lazy(() => IDL.Record(typesOf(shape()))),
    to: (value) => recordToWire(shape(), value),
  };
}

type Kinded = { readonly kind: string };
/** The fields of each arm of a union, without `kind` itself. An arm without fields is `null`. */
export type WireArms<U extends Kinded> = {
  readonly [Kind in U['kind']]: WireFields<Omit<Extract<U, { readonly kind: Kind }>, 'kind'>>;
};

/** A union discriminated on `kind` as a variant; `not-found` becomes `NotFound`. */
export function union<U extends Kinded>(arms: WireArms<U>): Wire<U> {
  const shapes = once(() => {
    const entries = Object.entries<WireFields<object>>(arms);
    return new Map(
      entries.map(([kind, fields]) => [kind, { name: pascal(kind), fields: shapeOf(fields) }]),
    );
  });
  return {
    type: lazy(() => {
      const cases = [...shapes().values()].map(({ name, fields }) => [name, armType(fields)]);
      return IDL.Variant(Object.fromEntries(cases) as Record<string, IDL.Type>);
    }),
    to: (value) => {
      const shape = shapes().get(value.kind);
      if (shape === undefined) throw new Error(`BUG: no wire form for kind ${value.kind}`);
      const { name, fields } = shape;
      return { [name]: fields.length === 0 ? null : recordToWire(fields, value) };
    },
  };
}

interface ShapeField {
  readonly name: string;
  readonly wireName: string;
  readonly wire: Wire<unknown>;
}

function shapeOf<T extends object>(fields: WireFields<T>): readonly ShapeField[] {
  const entries = Object.entries<Wire<never>>(fields as Record<string, Wire<never>>);
  return entries.map(([name, wire]) => ({
    name,
    wireName: wireNameOf(name, wire.suffix ?? ''),
    wire: wire as Wire<unknown>,
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

function suffixOf(wire: Wire<never>): { readonly suffix?: '_ns' } {
  return wire.suffix === undefined ? {} : { suffix: wire.suffix };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
