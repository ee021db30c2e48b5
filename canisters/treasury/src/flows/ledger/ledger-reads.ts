import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import { err, mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { Runtime } from '@decent-cloud/kit/runtime/runtime.port.ts';
import { callTyped } from '@decent-cloud/kit/runtime/typed-call.ts';
import type { Account } from '../../core/account.ts';
import { describeOutcome } from '../../core/transfers/attempt.ts';
import { WireAccountType } from './ledger-types.ts';
import { accountToWire } from './send-transfer.ts';

/** What an account holds, by an ordinary call: it follows everything sent to the ledger before. */
export async function readBalance(
  runtime: Runtime,
  { ledger, account }: { readonly ledger: Principal; readonly account: Account },
): Promise<Result<TokenUnits, string>> {
  const reply = await callTyped(runtime, {
    ...{ canisterId: ledger, method: 'icrc1_balance_of' },
    ...{ argTypes: [WireAccountType], args: [accountToWire(account)], replyTypes: [IDL.Nat] },
  });
  if (reply.kind === 'err') return err(describeOutcome(reply.error));
  return mapOk(reply, ([amount]) => amount as TokenUnits);
}
