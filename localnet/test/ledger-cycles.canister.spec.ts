import { beforeAll, describe, expect, it } from 'vitest';
import { CYCLES_SCENARIOS } from './fixtures/cycles-scenarios.ts';
import { realCyclesLedger, standInCyclesLedger } from './fixtures/ledger-worlds.ts';
import { thirdPartyWasm } from './fixtures/third-party.ts';

describe('cycles ledger stand-in', () => {
  it.each(CYCLES_SCENARIOS)('$desc', ({ run, expected }) => {
    expect(run(standInCyclesLedger())).toEqual(expected);
  });
});

describe('DFINITY cycles ledger', () => {
  let wasm: Uint8Array;

  beforeAll(async () => {
    wasm = await thirdPartyWasm('cycles-ledger');
  });

  it.each(CYCLES_SCENARIOS)('agrees: $desc', ({ run, expected, older }) => {
    expect(run(realCyclesLedger(wasm))).toEqual(older?.expected ?? expected);
  });
});
