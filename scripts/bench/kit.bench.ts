import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { makeWireRecord, Record20 } from '../../canisters/kit/bench/wire-record20.ts';
import { BenchReplica, encode } from './bench-replica.ts';
import { benchWasm, type BenchCanister } from './bench-wasm.ts';
import type { Bench, Figure } from './figure.ts';

const FEW_ROWS = 100;
const MANY_ROWS = 100_000;
/** Few rows and many have ids of the same length, so that their bytes do not differ. */
const FIRST_ID = 1_000_000;
const ROWS_PER_MESSAGE = 5_000;
const PAGE = 20;
/** Two sizes of the same loop; the difference leaves out what a call costs anyway. */
const [SHORT_LOOP, LONG_LOOP] = [20, 120];

const PARTIES = [
  Principal.fromUint8Array(new Uint8Array(29).fill(0xd3)),
  Principal.fromUint8Array(new Uint8Array(29).fill(0x71)),
] as const;

/** One benchmark canister and what can be measured on it. */
class Subject {
  readonly wasm: Uint8Array;
  readonly #replica = new BenchReplica();
  readonly #canisterId: Principal;
  readonly init: number;
  #rows = 0;
  #due = 0;

  constructor(wasm: Uint8Array) {
    this.wasm = wasm;
    this.#canisterId = this.#replica.createCanister();
    this.init = this.#install('install');
  }

  /** Instructions for one run of the method's body, without making the record. */
  costOf(method: string, first: number, hasRecord: boolean): number {
    const perRun = this.#slope(method, first);
    return hasRecord ? perRun - this.#slope('make', first) : perRun;
  }

  fillTo(rows: number, method: string): void {
    while (this.#rows < rows) {
      const times = Math.min(ROWS_PER_MESSAGE, rows - this.#rows);
      this.#run(method, FIRST_ID + this.#rows, times);
      this.#rows += times;
    }
  }

  fillMap(): void {
    this.#run('insert', 0, MEASURED_FROM);
  }

  fillRefs(): void {
    this.#run('append_ref', 0, MEASURED_FROM);
  }

  page(limit: number): number {
    const call = {
      canisterId: this.#canisterId,
      method: 'page',
      arg: encode([IDL.Nat32], [limit]),
    };
    return this.#replica.query(call).instructions;
  }

  upgrade(): number {
    return this.#install('upgrade');
  }

  /** The whole call, as the canister is charged for it; the second one, as most are. */
  wholeCall(method: string, arg: Uint8Array): number {
    const call = { canisterId: this.#canisterId, method, arg };
    this.#replica.update(call);
    return this.#replica.update(call).instructions;
  }

  /** Asking a queue of so many entries for ten, and adding one. */
  dueQueue(entries: number): { readonly due: number; readonly schedule: number } {
    for (let first = this.#due; first < entries; first += ROWS_PER_MESSAGE) {
      this.#run('schedule', first, Math.min(ROWS_PER_MESSAGE, entries - first));
    }
    this.#due = entries;
    return { due: this.#slope('look_due', 0), schedule: this.#slope('schedule', 0) };
  }

  #install(mode: 'install' | 'upgrade'): number {
    const code = { canisterId: this.#canisterId, wasm: this.wasm, mode };
    const { instructions } = this.#replica.install(code);
    this.#replica.settle();
    return instructions;
  }

  #slope(method: string, first: number): number {
    const short = this.#run(method, first, SHORT_LOOP);
    const long = this.#run(method, first + SHORT_LOOP, LONG_LOOP);
    return (long - short) / (LONG_LOOP - SHORT_LOOP);
  }

  #run(method: string, first: number, times: number): number {
    const arg = encode([IDL.Nat32, IDL.Nat32], [first, times]);
    return this.#replica.update({ canisterId: this.#canisterId, method, arg }).instructions;
  }
}

/** What is measured on either canister, by figure. */
interface Measurements {
  readonly init: number;
  readonly insert: number;
  readonly get: number;
  readonly append: number;
  readonly pageOfFew: number;
  readonly upgradeOfFew: number;
  readonly pageOfMany: number;
  readonly upgradeOfMany: number;
}

/** Maps and lists of ids are measured at about this many rows. */
const MEASURED_FROM = 1_000;

function measure(subject: Subject, fillMethod: string, tell: (progress: string) => void) {
  subject.fillTo(FEW_ROWS, 'append');
  const [pageOfFew, upgradeOfFew] = [subject.page(PAGE), subject.upgrade()];
  subject.fillTo(FEW_ROWS, 'append');
  tell('inserting, reading, appending');
  subject.fillMap();
  const insert = subject.costOf('insert', MEASURED_FROM, true);
  const get = subject.costOf('get', MEASURED_FROM, false);
  subject.fillRefs();
  const append = subject.costOf('append_ref', MEASURED_FROM, false);
  tell(`filling a list with ${MANY_ROWS} rows`);
  subject.fillTo(MANY_ROWS, fillMethod);
  const [pageOfMany, upgradeOfMany] = [subject.page(PAGE), subject.upgrade()];
  const { init } = subject;
  const measured: Measurements = {
    ...{ init, insert, get, append },
    ...{ pageOfFew, upgradeOfFew, pageOfMany, upgradeOfMany },
  };
  return measured;
}

async function subjectOf(canister: BenchCanister): Promise<Subject> {
  return new Subject(await benchWasm(canister));
}

export const kitBench: Bench = {
  name: 'kit',
  async run(tell) {
    const kitSubject = await subjectOf('kit');
    const own = await measureOwn(kitSubject);
    const kit = measure(kitSubject, 'append', (progress) => tell(`kit: ${progress}`));
    kitSubject.costOf('get_cached', MEASURED_FROM, false);
    const cached = kitSubject.costOf('get_cached', MEASURED_FROM, false);
    const stockSubject = await subjectOf('stock');
    const stock = measure(stockSubject, 'append_copies', (progress) => tell(`stock: ${progress}`));
    return [...figuresOf(kit, stock, cached), ...ownFigures(own)];
  },
};

/** What only the kit has. */
async function measureOwn(subject: Subject) {
  const record = encode([Record20], [makeWireRecord(7, PARTIES)]);
  const nothing = encode([], []);
  return {
    wideInit: (await subjectOf('wide')).init,
    call: subject.wholeCall('nothing', nothing),
    args: subject.wholeCall('take_record', record),
    reply: subject.wholeCall('give_record', nothing),
    few: subject.dueQueue(FEW_ROWS),
    many: subject.dueQueue(MANY_ROWS),
  };
}

const MILLION = 1e6;
const CACHED_GET_GOAL = 20_000;

function figuresOf(kit: Measurements, stock: Measurements, cached: number): Figure[] {
  const figure = (name: string, of: keyof Measurements, goal: number): Figure => {
    const [value, stockValue] = [kit[of], stock[of]];
    return { name, value, unit: 'instructions', goal, stock: stockValue };
  };
  return [
    figure('canister.init', 'init', 100 * MILLION),
    figure('kit.insert21', 'insert', 1.0 * MILLION),
    figure('kit.get21', 'get', 0.8 * MILLION),
    { ...figure('kit.get21.cached', 'get', CACHED_GET_GOAL), value: cached },
    figure('kit.list.append', 'append', 0.6 * MILLION),
    figure('kit.page20@100', 'pageOfFew', 20 * 0.8 * MILLION),
    figure('kit.page20@100k', 'pageOfMany', 1.1 * kit.pageOfFew),
    figure('kit.upgrade@100', 'upgradeOfFew', 100 * MILLION),
    figure('kit.upgrade@100k', 'upgradeOfMany', 1.05 * kit.upgradeOfFew),
  ];
}

function ownFigures(own: Awaited<ReturnType<typeof measureOwn>>): Figure[] {
  const figure = (name: string, value: number, goal: number): Figure => {
    return { name, value, unit: 'instructions', goal };
  };
  return [
    figure('canister.init.wide', own.wideInit, 120 * MILLION),
    figure('kit.call', own.call, 0.25 * MILLION),
    figure('kit.args', own.args, 1.5 * MILLION),
    figure('kit.reply', own.reply, 1.5 * MILLION),
    figure('kit.due10@100', own.few.due, 3 * MILLION),
    figure('kit.due10@100k', own.many.due, 1.1 * own.few.due),
    figure('kit.due.schedule@100', own.few.schedule, 0.3 * MILLION),
    figure('kit.due.schedule@100k', own.many.schedule, 0.3 * MILLION),
  ];
}
