import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { err, ok } from '@decent-cloud/domain/result.ts';
import { FakeRuntime } from '@decent-cloud/kit/testing/runtime.fake.ts';
import {
  TransferArg,
  TransferError,
  TransferFromArgs,
  TransferFromResult,
  TransferResult,
} from '@decent-cloud/localnet/system/ledger/wire/icrc-types.ts';
import { ARGS, inFlight, T0, transferIn } from '../../testing/transfer.fake.ts';
import { sendTransfer } from './send-transfer.ts';

/** Types that were written for the ledger's side, so that both sides must agree. */
function encoded(type: IDL.Type, value: unknown): Uint8Array {
  return new Uint8Array(IDL.encode([type], [value]));
}

async function send(reply: Uint8Array, kind: 'payout' | 'deposit' = 'payout') {
  const runtime = new FakeRuntime();
  const calls: { method: string; arg: Uint8Array }[] = [];
  runtime.answerCall = ({ method, arg }) => {
    calls.push({ method, arg });
    return Promise.resolve(ok(reply));
  };
  const outcome = await sendTransfer(runtime, transferIn(inFlight(), kind), ARGS);
  return { outcome, calls };
}

describe('sendTransfer', () => {
  const common = { amount: 1_000_000n, fee: [10_000n], memo: [ARGS.memo], created_at_time: [T0] };

  it('sends a payout from its subaccount with everything given', async () => {
    const { from, to } = transferIn(inFlight());
    const { outcome, calls } = await send(encoded(TransferResult, { Ok: 42n }));
    expect(outcome).toEqual({ kind: 'executed', block: 42n });
    expect(calls[0]?.method).toBe('icrc1_transfer');
    const [arg] = IDL.decode([TransferArg], calls[0]?.arg ?? new Uint8Array());
    const receiver = { owner: to.owner, subaccount: [] };
    expect(arg).toEqual({ from_subaccount: [from.subaccount], to: receiver, ...common });
  });

  it('pulls a deposit from the payer', async () => {
    const { from, to } = transferIn(inFlight(), 'deposit');
    const reply = encoded(TransferFromResult, { Ok: 42n });
    const { outcome, calls } = await send(reply, 'deposit');
    expect(outcome).toEqual({ kind: 'executed', block: 42n });
    expect(calls[0]?.method).toBe('icrc2_transfer_from');
    const [arg] = IDL.decode([TransferFromArgs], calls[0]?.arg ?? new Uint8Array());
    expect(arg).toEqual({
      spender_subaccount: [],
      from: { owner: from.owner, subaccount: [] },
      to: { owner: to.owner, subaccount: [to.subaccount] },
      ...common,
    });
  });

  it.each([
    [{ BadFee: { expected_fee: 7n } }, { kind: 'bad-fee', expectedFee: 7n }],
    [{ BadBurn: { min_burn_amount: 7n } }, { kind: 'bad-burn', minBurnAmount: 7n }],
    [{ InsufficientFunds: { balance: 7n } }, { kind: 'insufficient-funds', balance: 7n }],
    [{ TooOld: null }, { kind: 'too-old' }],
    [{ CreatedInFuture: { ledger_time: 7n } }, { kind: 'created-in-future', ledgerTime: 7n }],
    [{ Duplicate: { duplicate_of: 7n } }, { kind: 'duplicate', duplicateOf: 7n }],
    [{ TemporarilyUnavailable: null }, { kind: 'temporarily-unavailable' }],
    [
      { GenericError: { error_code: 7n, message: 'm' } },
      { kind: 'generic', code: 7n, message: 'm' },
    ],
  ])('reads %o from both methods', async (Err, refusal) => {
    const expected = { kind: 'refused', refusal };
    expect((await send(encoded(TransferResult, { Err }))).outcome).toEqual(expected);
    const pulled = await send(encoded(TransferFromResult, { Err }), 'deposit');
    expect(pulled.outcome).toEqual(expected);
  });

  it('reads a missing allowance', async () => {
    const Err = { InsufficientAllowance: { allowance: 7n } };
    const { outcome } = await send(encoded(TransferFromResult, { Err }), 'deposit');
    const refusal = { kind: 'insufficient-allowance', allowance: 7n };
    expect(outcome).toEqual({ kind: 'refused', refusal });
  });

  it('gives what it cannot read, an error of tomorrow included, as a value', async () => {
    for (const reply of [
      Uint8Array.of(1, 2, 3),
      new Uint8Array(),
      encoded(IDL.Text, 'fine'),
      encoded(IDL.Variant({ Err: IDL.Variant({ Frozen: IDL.Null }) }), { Err: { Frozen: null } }),
      encoded(TransferError, { TooOld: null }),
    ]) {
      expect((await send(reply)).outcome.kind).toBe('undecodable');
    }
  });

  it('passes on why there was no reply', async () => {
    const runtime = new FakeRuntime();
    const failure = { kind: 'rejected', code: 2, message: 'busy' } as const;
    runtime.answerCall = () => Promise.resolve(err(failure));
    expect(await sendTransfer(runtime, transferIn(inFlight()), ARGS)).toEqual(failure);
  });
});
