import { filesEnding } from './source-files.ts';

/** Names of a canister's stable memories and their numbers, retired ones included. */
export type MemoryIds = Readonly<Record<string, number>>;

interface MemoryTable {
  readonly live: MemoryIds;
  readonly retired: MemoryIds;
}

/** The table of every canister, by the canister's name. */
export function memoryTables(): ReadonlyMap<string, MemoryTable> {
  return new Map(
    filesEnding('/memory-ids.json')
      .filter((file) => /^canisters\/[^/]+\/(src\/storage\/)?memory-ids\.json$/.test(file.path))
      .map((file) => [file.path.split('/')[1] ?? '', JSON.parse(file.text) as MemoryTable]),
  );
}

/**
 * What is wrong with a table: numbers given twice, and departures from the recorded history, in
 * which every number that was ever used stays for good under its name.
 */
export function memoryIdTroubles(table: MemoryTable, history: MemoryIds): string[] {
  const entries = [...Object.entries(table.live), ...Object.entries(table.retired)];
  const now = new Map(entries);
  const lost = Object.entries(history)
    .filter(([name, id]) => now.get(name) !== id)
    .map(([name, id]) => `${name} must keep ${id}; when it is gone, list it in "retired"`);
  const unrecorded = entries
    .filter(([name]) => !(name in history))
    .map(([name, id]) => `record "${name}": ${id} in .ci/memory-ids.json`);
  const twice = entries
    .filter(([name, id]) => entries.some(([other, otherId]) => otherId === id && other !== name))
    .map(([name, id]) => `${name} shares ${id}`);
  return [...lost, ...unrecorded, ...twice];
}
