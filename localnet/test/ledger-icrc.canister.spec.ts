import { beforeAll, describe, expect, it } from 'vitest';
import { ICRC_SCENARIOS } from './fixtures/icrc-scenarios.ts';
import { realIcrcLedger, standInIcrcLedger } from './fixtures/ledger-worlds.ts';
import { thirdPartyWasm } from './fixtures/third-party.ts';

describe('ICRC-1 ledger stand-in', () => {
  it.each(ICRC_SCENARIOS)('$desc', ({ run, expected }) => {
    expect(run(standInIcrcLedger())).toEqual(expected);
  });
});

describe('DFINITY ICRC-1 ledger', () => {
  let wasm: Uint8Array;

  beforeAll(async () => {
    wasm = await thirdPartyWasm('icrc1-ledger');
  });

  it.each(ICRC_SCENARIOS)('agrees: $desc', ({ run, expected, older }) => {
    expect(run(realIcrcLedger(wasm))).toEqual(older?.expected ?? expected);
  });
});
