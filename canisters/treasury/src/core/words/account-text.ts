import { base32Encode, getCrc32 } from '@dfinity/principal';
import type { Account } from '../account.ts';

const SUBACCOUNT_BYTES = 32;
const CHECKSUM_BYTES = 4;

/**
 * An account as wallets show it: the owner, and for any but the default subaccount a checksum and the
 * subaccount in hex. Source: ICRC-1, "Textual encoding of ICRC-1 accounts".
 */
export function accountText({ owner, subaccount }: Account): string {
  const short = subaccount === undefined ? '' : withoutLeadingZeros(hexText(subaccount));
  if (subaccount === undefined || short === '') return owner.toText();
  const ownerBytes = owner.toUint8Array();
  const checked = new Uint8Array(ownerBytes.length + SUBACCOUNT_BYTES);
  checked.set(ownerBytes);
  checked.set(subaccount, ownerBytes.length);
  const checksum = new Uint8Array(CHECKSUM_BYTES);
  new DataView(checksum.buffer).setUint32(0, getCrc32(checked));
  return `${owner.toText()}-${base32Encode(checksum)}.${short}`;
}

/** Two digits for each byte. */
export function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function withoutLeadingZeros(hex: string): string {
  let start = 0;
  while (start < hex.length && hex.charAt(start) === '0') start += 1;
  return hex.slice(start);
}
