import { IDL, init, postUpgrade, Principal, query, StableBTreeMap, stableJson, update } from 'azle';
import { makeRecord, type Record21 } from './record21.ts';

const MAP = 0;
const LIST = 1;
const map = new StableBTreeMap<number, Record21>(MAP);
interface Ref {
  readonly id: number;
}
const REFS = 2;
const refs = new StableBTreeMap<[number, number], Ref>(REFS);
const rows = new StableBTreeMap<number, Record21>(LIST);
const parties = [
  Principal.fromUint8Array(new Uint8Array(29).fill(0xd3)),
  Principal.fromUint8Array(new Uint8Array(29).fill(0x71)),
] as const;

/** The same work as the kit's benchmark, written as Azle's documentation suggests. */
class StockBench {
  @init([])
  init(): void {
    map.len();
  }

  @postUpgrade([])
  post_upgrade(): void {
    map.len();
  }

  @update([IDL.Nat32, IDL.Nat32])
  make(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) makeRecord(id, parties);
  }

  @update([IDL.Nat32, IDL.Nat32])
  insert(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) map.insert(id, makeRecord(id, parties));
  }

  @update([IDL.Nat32, IDL.Nat32])
  get(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) map.get(id);
  }

  @update([IDL.Nat32, IDL.Nat32])
  append(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) {
      rows.insert(rows.len(), makeRecord(id, parties));
    }
  }

  @update([IDL.Nat32, IDL.Nat32])
  append_ref(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) refs.insert([7, refs.len()], { id });
  }

  /** Many rows with the bytes of one, because encoding each would take hours. */
  @update([IDL.Nat32, IDL.Nat32])
  append_copies(first: number, times: number): void {
    const encoded = stableJson.toBytes(makeRecord(first, parties));
    const copies = new StableBTreeMap<number, Uint8Array>(LIST, stableJson, {
      toBytes: (bytes) => bytes,
      fromBytes: (bytes) => bytes,
    });
    for (let id = first; id < first + times; id += 1) copies.insert(id, encoded);
  }

  @query([IDL.Nat32], IDL.Nat64)
  page(limit: number): bigint {
    const page = rows.values(Math.max(0, rows.len() - limit), limit);
    return BigInt(page.reduce((sum, row) => sum + row.id, 0));
  }
}

export { StockBench as default };
