import { invariant } from '@decent-cloud/domain/assert.ts';

/**
 * Which stable memory holds what, for one canister: the contents of its `memory-ids.json`. A number
 * is never given to anything else, not even after its map is gone: then it moves to `retired`.
 */
export interface MemoryTable<Name extends string> {
  readonly live: Readonly<Record<Name, number>>;
  readonly retired: Readonly<Record<string, number>>;
}

/** 254 and 255 belong to Azle and its memory manager. */
const MAX_MEMORY_ID = 253;

/** Checks a table when the canister starts: two maps in one memory would silently share rows. */
export function checkMemoryTable<Name extends string>(
  table: MemoryTable<Name>,
): Readonly<Record<Name, number>> {
  const ids: number[] = [...Object.values<number>(table.live), ...Object.values(table.retired)];
  for (const id of ids) {
    const isMemoryId = Number.isInteger(id) && id >= 0 && id <= MAX_MEMORY_ID;
    invariant(isMemoryId, `${id} is no memory id`);
  }
  invariant(new Set(ids).size === ids.length, 'a memory id is used twice');
  return table.live;
}
