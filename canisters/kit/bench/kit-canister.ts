import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { init, postUpgrade } from 'azle';
import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { CommonError } from '@decent-cloud/kit/errors/common-errors.ts';
import { resultType, type WireResult } from '@decent-cloud/kit/errors/error-idl.ts';
import { azleStableStore } from '@decent-cloud/kit/azle/azle.stable-store.ts';
import { safeUint } from '@decent-cloud/kit/keys/integer-keys.ts';
import { keyCodec } from '@decent-cloud/kit/keys/key-codec.ts';
import { whole } from '@decent-cloud/kit/keys/whole-key.ts';
import { DenseList } from '@decent-cloud/kit/store/dense-list.ts';
import { DueQueue } from '@decent-cloud/kit/store/due-queue.ts';
import { StableMap } from '@decent-cloud/kit/store/stable-map.ts';
import { bigint, bool, list, number } from '@decent-cloud/kit/values/field.ts';
import { optional, principal, text } from '@decent-cloud/kit/values/field.ts';
import { valueCodec } from '@decent-cloud/kit/values/value-codec.ts';
import { timestampNs } from '@decent-cloud/domain/time.ts';
import { makeRecord, type Record21 } from './record21.ts';
import { makeWireRecord, Record20, type WireRecord20 } from './wire-record20.ts';

const ResultOfRecord20 = resultType(Record20, CommonError);

const codec = valueCodec<Record21>({
  version: 1,
  fields: {
    id: number,
    offeringId: number,
    recipeId: number,
    recipeVersion: number,
    renter: principal,
    provider: principal,
    state: text,
    name: text,
    region: text,
    machineType: text,
    createdAtNs: bigint(),
    startedAtNs: optional(bigint()),
    endsAtNs: bigint(),
    pricePerMonth: bigint(),
    paid: bigint(),
    released: bigint(),
    feeBps: number,
    isAutoRenewed: bool,
    tags: list(text),
    serverAddress: text,
    note: optional(text),
  },
});
const [MAP, ROWS, REFS, DUE] = [0, 1, 2, 3];
const key = keyCodec(safeUint);
const plainMap = new StableMap({ store: azleStableStore(MAP), key, value: codec });
const cachedMap = new StableMap({
  store: azleStableStore(MAP),
  key,
  value: codec,
  cachedValues: 1_000,
});
const rows = new DenseList({ store: azleStableStore(ROWS), parent: whole, value: codec });
/** What most lists hold: the ids of things that a map holds, one list for each parent. */
interface Ref {
  readonly id: number;
}
const refs = new DenseList({
  store: azleStableStore(REFS),
  parent: safeUint,
  value: valueCodec<Ref>({ version: 1, fields: { id: number } }),
});
const dueQueue = new DueQueue({ store: azleStableStore(DUE), id: safeUint });
const SOON = timestampNs(10n ** 18n);
const parties = [
  Principal.fromUint8Array(new Uint8Array(29).fill(0xd3)),
  Principal.fromUint8Array(new Uint8Array(29).fill(0x71)),
] as const;

let given = makeWireRecord(7, parties);

/** Each method does one thing `times` times; the difference of two runs is what one costs. */
class KitBench {
  @init([])
  init(): void {
    cachedMap.size();
  }

  @postUpgrade([])
  post_upgrade(): void {
    cachedMap.size();
  }

  /** The benchmark's own overhead: making the record and the loop. */
  @update([IDL.Nat32, IDL.Nat32])
  make(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) makeRecord(id, parties);
  }

  @update([IDL.Nat32, IDL.Nat32])
  insert(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) plainMap.set(id, makeRecord(id, parties));
  }

  @update([IDL.Nat32, IDL.Nat32])
  get(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) plainMap.get(id);
  }

  @update([IDL.Nat32, IDL.Nat32])
  get_cached(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) cachedMap.get(id);
  }

  @update([IDL.Nat32, IDL.Nat32])
  append(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) rows.append(null, makeRecord(id, parties));
  }

  @update([IDL.Nat32, IDL.Nat32])
  append_ref(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) refs.append(7, { id });
  }

  @update([IDL.Nat32, IDL.Nat32])
  schedule(first: number, times: number): void {
    for (let id = first; id < first + times; id += 1) dueQueue.schedule(id, SOON);
  }

  /** Asks for the first ten of a queue in which everything is due. */
  @update([IDL.Nat32, IDL.Nat32])
  look_due(_first: number, times: number): void {
    for (let turn = 0; turn < times; turn += 1) dueQueue.due(SOON, 10);
  }

  /** The newest page, as a reader would ask for it; gives the sum of its ids. */
  @query([IDL.Nat32], IDL.Nat64)
  page(limit: number): bigint {
    const page = rows.page(null, { order: 'newest-first', limit });
    return BigInt(page.rows.reduce((sum, row) => sum + row.value.id, 0));
  }

  @update([])
  nothing(): void {
    parties[0].isAnonymous();
  }

  /** Takes a record of 20 fields as an argument. */
  @update([Record20])
  take_record(record: WireRecord20): void {
    given = record;
  }

  /** Answers with `{ Ok: record }`. */
  @update([], ResultOfRecord20)
  give_record(): WireResult<WireRecord20> {
    return { Ok: given };
  }

  @query([], ResultOfRecord20)
  read_record(): WireResult<WireRecord20> {
    return { Ok: given };
  }
}

export { KitBench as default };
