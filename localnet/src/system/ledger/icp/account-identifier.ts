import { createHash } from 'node:crypto';
import { getCrc32 } from '@dfinity/principal';
import { fromHex, SUBACCOUNT_BYTES, toHex, type Account } from '../core/account.ts';

/** 64 hex digits: checksum and hash of an account, which is how the ICP ledger names accounts. */
export type AccountId = string & { readonly __brand: 'AccountId' };

const ID_BYTES = 32;
const CHECKSUM_BYTES = 4;
const DOMAIN = Uint8Array.of(0x0a, ...new TextEncoder().encode('account-id'));

/** Source: ICP ledger specification, "Account identifier". */
export function accountIdOf(account: Account): AccountId {
  const hash = createHash('sha224')
    .update(DOMAIN)
    .update(account.owner.toUint8Array())
    .update(account.subaccount ?? new Uint8Array(SUBACCOUNT_BYTES))
    .digest();
  return toHex(withChecksum(hash)) as AccountId;
}

/** Reads 32 bytes with a right checksum, or undefined. */
export function parseAccountId(bytes: Uint8Array): AccountId | undefined {
  if (bytes.length !== ID_BYTES) return undefined;
  const hash = bytes.subarray(CHECKSUM_BYTES);
  return Buffer.compare(withChecksum(hash), bytes) === 0 ? (toHex(bytes) as AccountId) : undefined;
}

export function parseAccountIdText(text: string): AccountId | undefined {
  return /^[0-9a-fA-F]{64}$/.test(text) ? parseAccountId(fromHex(text)) : undefined;
}

export function accountIdBytes(id: AccountId): Uint8Array {
  return fromHex(id);
}

function withChecksum(hash: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHECKSUM_BYTES + hash.length);
  new DataView(bytes.buffer).setUint32(0, getCrc32(hash));
  bytes.set(hash, CHECKSUM_BYTES);
  return bytes;
}
