import { base32Encode, getCrc32, Principal } from '@dfinity/principal';

export const SUBACCOUNT_BYTES = 32;

/** An ICRC-1 account. A missing subaccount and 32 zero bytes are the same account. */
export interface Account {
  readonly owner: Principal;
  readonly subaccount: Uint8Array | undefined;
}

/** `<owner hex>.<effective subaccount hex>`: sorts as accounts do on the IC. */
export type AccountKey = string & { readonly __brand: 'AccountKey' };

export function accountOf(owner: Principal, subaccount?: Uint8Array): Account {
  return { owner, subaccount };
}

export function accountKey(account: Account): AccountKey {
  const subaccount = account.subaccount ?? new Uint8Array(SUBACCOUNT_BYTES);
  return `${toHex(account.owner.toUint8Array())}.${toHex(subaccount)}` as AccountKey;
}

/** Inverse of `accountKey`, up to how the default subaccount is written. */
export function accountFromKey(key: AccountKey): Account {
  const dot = key.indexOf('.');
  const subaccount = fromHex(key.slice(dot + 1));
  return {
    owner: Principal.fromUint8Array(fromHex(key.slice(0, dot))),
    subaccount: subaccount.some((byte) => byte !== 0) ? subaccount : undefined,
  };
}

/** Textual encoding of the ICRC-1 standard ("Textual encoding of ICRC-1 accounts"). */
export function accountText(account: Account): string {
  const owner = account.owner.toText();
  const subaccount = account.subaccount ?? new Uint8Array(SUBACCOUNT_BYTES);
  const short = toHex(subaccount).replace(/^0+/, '');
  if (short === '') return owner;
  const sum = new Uint8Array(4);
  const checked = new Uint8Array([...account.owner.toUint8Array(), ...subaccount]);
  new DataView(sum.buffer).setUint32(0, getCrc32(checked));
  return `${owner}-${base32Encode(sum)}.${short}`;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
