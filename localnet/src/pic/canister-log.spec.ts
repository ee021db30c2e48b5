import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { printedLine } from './canister-log.ts';

describe('printedLine', () => {
  it('says when and which canister', () => {
    const canisterId = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
    expect(printedLine({ canisterId, text: 'hello' }, 1_620_328_630_000_000_003n)).toBe(
      '2021-05-06 19:17:10.000000003 UTC: [Canister ryjl3-tyaaa-aaaaa-aaaba-cai] hello\n',
    );
  });
});
