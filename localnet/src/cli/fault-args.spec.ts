import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { CKBTC_LEDGER_ID, ICP_LEDGER_ID } from '../system/system-ids.ts';
import { parseFaultArgs } from './fault-args.ts';
import { UsageError } from './usage-error.ts';

const line = (text: string) => parseFaultArgs(text.split(' '));

describe('parseFaultArgs', () => {
  it('orders a fault for the next transaction of a ledger by its symbol', () => {
    expect(line('ckBTC lost-reply')).toEqual({
      ledgerId: CKBTC_LEDGER_ID,
      stateDir: '.localnet',
      order: { kind: 'next', fault: { kind: 'lost-reply' }, method: 'any', times: 1 },
    });
    expect(line('ICP clear --state-dir x')).toEqual({
      ledgerId: ICP_LEDGER_ID,
      stateDir: 'x',
      order: { kind: 'clear' },
    });
    expect(line('mxzaz-hqaaa-aaaar-qaada-cai show')?.ledgerId).toEqual(CKBTC_LEDGER_ID);
  });

  it.each<[string, object]>([
    ['reject-before --code 4', { kind: 'reject-before', code: 4 }],
    ['trap-before', { kind: 'trap-before' }],
    ['temporarily-unavailable', { kind: 'temporarily-unavailable' }],
    [
      'generic-error --code 9 --message no --executed',
      { kind: 'generic-error', errorCode: 9n, message: 'no', isExecuted: true },
    ],
    ['fee-change --fee 77', { kind: 'fee-change', fee: 77n }],
    ['never-reply --executes never', { kind: 'never-reply', executes: 'never' }],
    ['delay-reply --rounds 3', { kind: 'delay-reply', rounds: 3, executes: 'at-once' }],
    ['garbage-reply', { kind: 'garbage-reply' }],
    ['archive-split', { kind: 'archive-split' }],
  ])('knows %s', (text, fault) => {
    expect(line(`ckBTC ${text} --method icrc1_transfer --times 2`)?.order).toEqual({
      kind: 'next',
      fault,
      method: 'icrc1_transfer',
      times: 2,
    });
  });

  it('reads what is done at once', () => {
    expect(line('ckBTC set-fee --fee 12')?.order).toEqual({ kind: 'set-fee', fee: 12n });
    expect(line('ckBTC mint --to aaaaa-aa --amount 5')?.order).toEqual({
      kind: 'mint',
      to: Principal.managementCanister(),
      amount: 5n,
    });
    expect(line('ckBTC lost-reply --probability 0.25 --seed 8')?.order).toEqual({
      kind: 'random',
      fault: { kind: 'lost-reply' },
      method: 'any',
      probability: 0.25,
      seed: 8,
    });
  });

  it.each([[[]], [['ckBTC']], [['ckBTC', 'clear', '--help']]])('gives help for %j', (args) => {
    expect(parseFaultArgs(args)).toBeUndefined();
  });

  it.each([
    ['nothing clear', /the ledger must be a principal/],
    ['ckBTC explode', /unknown fault "explode"/],
    ['ckBTC clear now', /unexpected argument "now"/],
    ['ckBTC reject-before', /--code must be one of 2, 3, 4, 5/],
    ['ckBTC reject-before --code 6', /--code must be one of/],
    ['ckBTC delay-reply', /--rounds must be a whole number/],
    ['ckBTC delay-reply --rounds 0', /--rounds must be from 1/],
    ['ckBTC delay-reply --rounds 2 --executes never', /see never-reply/],
    ['ckBTC never-reply --executes soon', /--executes must be/],
    ['ckBTC set-fee --fee=-1', /--fee must be a whole number/],
    ['ckBTC mint --to bob --amount 1', /--to must be a principal/],
    ['ckBTC lost-reply --probability 2', /--probability must be/],
    ['ckBTC lost-reply --probability 1 --seed 4294967296', /--seed must be at most/],
    ['ckBTC lost-reply --loud', /Unknown option/],
  ])('refuses "%s"', (text, reason) => {
    expect(() => line(text)).toThrow(UsageError);
    expect(() => line(text)).toThrow(reason);
  });
});
