import type { IcrcAccount, IcrcLedgerCanister } from '@dfinity/ledger-icrc';
import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { LedgerRefusal, ledgerRefusalOf } from './ledger-refusal.ts';

type Caller = Pick<Actors, 'ledger' | 'principal'>;

/** What the treasury may take of somebody's tokens. */
export interface Allowance {
  readonly amount: bigint;
  readonly expiresAtNs: bigint | undefined;
}

/** A transfer, exactly as it will be asked for: repeated unchanged it is made once. */
export interface Sending {
  readonly ledger: Principal;
  readonly to: IcrcAccount;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly createdAtNs: bigint;
}

/** Where a transfer is in the ledger, and whether it was there before this call. */
export interface Sent {
  readonly block: bigint;
  readonly isDuplicate: boolean;
}

/** What the caller's default account holds. */
export async function readBalance(caller: Caller, ledgerId: Principal): Promise<bigint> {
  const ledger = await caller.ledger(ledgerId);
  return ledger.balance({ owner: caller.principal, certified: false });
}

/** What `spender` may take of the caller's default account. An allowance that is over is none. */
export async function readAllowance(
  caller: Caller,
  asked: { readonly ledger: Principal; readonly spender: Principal },
): Promise<Allowance> {
  const ledger = await caller.ledger(asked.ledger);
  const { allowance, expires_at: expiresAt } = await ledger.allowance({
    account: { owner: caller.principal, subaccount: [] },
    spender: { owner: asked.spender, subaccount: [] },
    certified: false,
  });
  return { amount: allowance, expiresAtNs: expiresAt[0] };
}

/**
 * Lets `spender` take up to `amount` of the caller's default account, in place of what it might take
 * before; 0 takes that away. Gives the block. Throws a `LedgerRefusal`.
 */
export async function approveSpender(
  caller: Caller,
  approval: {
    readonly ledger: Principal;
    readonly spender: Principal;
    readonly amount: bigint;
    readonly expiresAtNs?: bigint;
  },
): Promise<bigint> {
  const { spender, amount, expiresAtNs } = approval;
  const ledger = await caller.ledger(approval.ledger);
  return orRefusal(
    ledger.approve({
      spender: { owner: spender, subaccount: [] },
      amount,
      ...(expiresAtNs === undefined ? {} : { expires_at: expiresAtNs }),
    }),
  );
}

/** Sends of the caller's default account. That it was sent before is no error. Throws `LedgerRefusal`. */
export async function sendTokens(caller: Caller, sending: Sending): Promise<Sent> {
  const { to, amount, fee, createdAtNs } = sending;
  const ledger = await caller.ledger(sending.ledger);
  try {
    const block = await orRefusal(transfer(ledger, { to, amount, fee, createdAtNs }));
    return { block, isDuplicate: false };
  } catch (error) {
    const block = error instanceof LedgerRefusal ? error.natural('duplicate_of') : undefined;
    if (block === undefined) throw error;
    return { block, isDuplicate: true };
  }
}

function transfer(
  ledger: IcrcLedgerCanister,
  { to, amount, fee, createdAtNs }: Omit<Sending, 'ledger'>,
): Promise<bigint> {
  const subaccount: [] | [Uint8Array] =
    to.subaccount === undefined ? [] : [Uint8Array.from(to.subaccount)];
  return ledger.transfer({
    to: { owner: to.owner, subaccount },
    amount,
    fee,
    created_at_time: createdAtNs,
  });
}

async function orRefusal<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw ledgerRefusalOf(error);
  }
}
