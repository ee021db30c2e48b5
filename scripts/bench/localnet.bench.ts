import { performance } from 'node:perf_hooks';
import { IDL } from '@dfinity/candid';
import { BenchReplica, encode } from './bench-replica.ts';
import { benchWasm } from './bench-wasm.ts';
import type { Bench } from './figure.ts';

const ROUND_TRIPS = 400;
const WARM_UPS = 100;
const METHOD = 'insert';
const EXPORT = `canister_update ${METHOD}`;
const GOAL = 2;

/**
 * How much localnet adds to an update: the full way (submit, round, reply there) over the time inside
 * the canister's own code, for an update that stores one record. Times of one run on one machine, so
 * only their ratio means anything. An empty update does too little to be a yardstick: a tenth of a
 * millisecond in all.
 */
export const localnetBench: Bench = {
  name: 'localnet',
  async run(tell) {
    const wasm = await benchWasm('kit');
    tell('round trips of an update that stores one record');
    const { ownMs, timed } = timeExport(() => {
      const replica = new BenchReplica();
      const canisterId = replica.createCanister();
      replica.install({ canisterId, wasm, mode: 'install' });
      replica.settle();
      return { replica, canisterId };
    });
    const { replica, canisterId } = timed;
    const fullMs: number[] = [];
    for (let trip = 0; trip < WARM_UPS + ROUND_TRIPS; trip += 1) {
      const arg = encode([IDL.Nat32, IDL.Nat32], [trip, 1]);
      const startedAtMs = performance.now();
      replica.update({ canisterId, method: METHOD, arg });
      fullMs.push(performance.now() - startedAtMs);
    }
    const value = median(fullMs.slice(WARM_UPS)) / median(ownMs.slice(WARM_UPS));
    return [{ name: 'localnet.update.roundtrip.ratio', value, unit: 'ratio', goal: GOAL }];
  },
};

/** Runs `set` so that every instance made in it tells how long each call of the export took. */
function timeExport<T>(set: () => T): { readonly ownMs: readonly number[]; readonly timed: T } {
  const ownMs: number[] = [];
  const Plain = WebAssembly.Instance;
  WebAssembly.Instance = new Proxy(Plain, {
    construct(target, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) {
      const { exports } = new target(module, imports);
      const entry = exports[EXPORT];
      if (typeof entry !== 'function') return { exports };
      const timedEntry = () => {
        const startedAtMs = performance.now();
        (entry as () => void)();
        ownMs.push(performance.now() - startedAtMs);
      };
      return { exports: { ...exports, [EXPORT]: timedEntry } };
    },
  });
  try {
    return { ownMs, timed: set() };
  } finally {
    WebAssembly.Instance = Plain;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
