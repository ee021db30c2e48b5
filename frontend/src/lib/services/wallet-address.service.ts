import type { IcrcAccount } from '@dfinity/ledger-icrc';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';

/** How an ICRC-1 account text is read: `decodeIcrcAccount` of @dfinity/ledger-icrc. */
export type DecodeAccount = (text: string) => IcrcAccount;

/** 64 hexadecimal digits are an account identifier of the ICP ledger's own kind. */
const ACCOUNT_IDENTIFIER = /^[0-9a-f]{64}$/i;
const SUBACCOUNT_BYTES = 32;
/** The management canister, and whoever is not signed in. */
const NOBODY = ['aaaaa-aa', '2vxsx-fae'];

/**
 * The account that was typed: a principal, or an account in ICRC-1's textual form. An error says what
 * it looks like instead.
 */
export function parseAddress(text: string, decode: DecodeAccount): Result<IcrcAccount, string> {
  const typed = text.trim();
  if (typed === '') return err('Type or paste where it goes.');
  if (ACCOUNT_IDENTIFIER.test(typed)) {
    return err(
      'This is an old account identifier, which only the ICP ledger has. Ask for a principal or an ' +
        'ICRC-1 account, with dashes in it.',
    );
  }
  if (/^0x[0-9a-f]{40}$/i.test(typed)) {
    return err(
      'This is an Ethereum address. What is sent from here stays on the Internet Computer.',
    );
  }
  try {
    const account = decode(typed);
    return NOBODY.includes(account.owner.toText())
      ? err('This is nobody’s address: what is sent there is lost for ever.')
      : ok(account);
  } catch {
    return err('This is no address: copy the whole text again, it has a checksum in it.');
  }
}

/** Whether two accounts are one; no subaccount is the same as one of zeros. */
export function isSameAccount(one: IcrcAccount, other: IcrcAccount): boolean {
  if (one.owner.compareTo(other.owner) !== 'eq') return false;
  const first = wholeSubaccount(one);
  return wholeSubaccount(other).every((byte, index) => byte === first[index]);
}

function wholeSubaccount({ subaccount }: IcrcAccount): Uint8Array {
  const whole = new Uint8Array(SUBACCOUNT_BYTES);
  if (subaccount !== undefined) whole.set(Uint8Array.from(subaccount));
  return whole;
}
