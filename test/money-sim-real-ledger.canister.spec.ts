import { describe, expect, it } from 'vitest';
import { thirdPartyWasm } from '../localnet/test/fixtures/third-party.ts';
import { isSound, runSeed } from './money-sim/run-seed.ts';
import { realLedgerWorlds } from './money-sim/world/real-ledger-world.ts';

const RUNS = 24;

describe("money on DFINITY's own ledger", () => {
  it(`reaches everybody exactly once in ${RUNS} random lives of rentals`, async () => {
    const world = realLedgerWorlds(await thirdPartyWasm('icrc1-ledger'));
    const counts = new Map<string, number>();
    let exactlyOnce = 0;
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const report = runSeed(seed, { world });
      expect({ seed, isSound: isSound(report), troubles: report.troubles }).toEqual({
        ...{ seed, isSound: true, troubles: [] },
      });
      exactlyOnce += report.exactlyOnce;
      for (const [name, count] of report.counts) counts.set(name, (counts.get(name) ?? 0) + count);
    }
    expect(exactlyOnce).toBeGreaterThan(3 * RUNS);
    for (const name of ['ledger-stopped', 'ledger-upgraded', 'planned again', 'fact', 'upgrade']) {
      expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
    }
  });
});
