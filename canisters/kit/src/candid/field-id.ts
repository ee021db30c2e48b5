import { encodeText } from '../text-host.ts';

const ids = new Map<string, number>();

/**
 * The number that stands for a field's name on the wire. Names of the form `_12_` are numbers
 * themselves. Source: Candid specification, "Textual format: field ids".
 */
export function fieldId(name: string): number {
  let id = ids.get(name);
  if (id === undefined) {
    id = numericId(name) ?? hashOf(name);
    ids.set(name, id);
  }
  return id;
}

function numericId(name: string): number | undefined {
  if (!name.startsWith('_') || !/^_(\d+|0x[0-9a-fA-F]+)_$/.test(name)) return undefined;
  const id = Number(name.slice(1, -1));
  return id < 2 ** 32 ? id : undefined;
}

function hashOf(name: string): number {
  let hash = 0;
  for (const byte of encodeText(name)) hash = (Math.imul(hash, 223) + byte) >>> 0;
  return hash;
}
