import type { IDL } from '@dfinity/candid';
import { candidCodec, type CandidCodec } from './candid-codec.ts';

/** Codecs of lists that begin with the same type. */
interface Known {
  readonly types: readonly IDL.Type[];
  readonly codec: CandidCodec;
}
const MAX_WITH_ONE_BEGINNING = 16;

const NO_VALUES = candidCodec(() => []);
const known = new WeakMap<IDL.Type, Known[]>();

/**
 * The codec of these types, the same one each time for the same type objects: keep types in
 * constants, because those made anew for every call cost a new codec every time.
 */
export function codecOf(types: readonly IDL.Type[]): CandidCodec {
  const [first] = types;
  if (first === undefined) return NO_VALUES;
  const candidates = known.get(first) ?? [];
  const found = candidates.find((each) => isSameList(each.types, types));
  if (found !== undefined) return found.codec;
  const codec = candidCodec(() => types);
  known.set(first, [
    { types: [...types], codec },
    ...candidates.slice(0, MAX_WITH_ONE_BEGINNING - 1),
  ]);
  return codec;
}

function isSameList(one: readonly IDL.Type[], other: readonly IDL.Type[]): boolean {
  return one.length === other.length && one.every((type, index) => type === other[index]);
}
