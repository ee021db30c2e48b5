import type { Principal } from '@dfinity/principal';
import { sha256 } from '@decent-cloud/domain/sha256.ts';
import type { Account } from './account.ts';
import type { EscrowId } from './ids.ts';

const ESCROW_DOMAIN = asciiBytes('dc-escrow-v1');
const PLATFORM_SUBACCOUNT = sha256(asciiBytes('dc-platform-v1'));
const ID_BYTES = 8;

/**
 * Where an escrow's deposit lies: its own subaccount of this canister, which anybody can compute:
 * SHA-256 over `dc-escrow-v1` and the escrow's id as 8 bytes, big end first.
 */
export function escrowAccount(self: Principal, id: EscrowId): Account {
  const hashed = new Uint8Array(ESCROW_DOMAIN.length + ID_BYTES);
  hashed.set(ESCROW_DOMAIN);
  new DataView(hashed.buffer).setBigUint64(ESCROW_DOMAIN.length, BigInt(id));
  return { owner: self, subaccount: sha256(hashed) };
}

/** Where the platform's collected fees lie: subaccount SHA-256 over `dc-platform-v1`. */
export function platformAccount(self: Principal): Account {
  return { owner: self, subaccount: PLATFORM_SUBACCOUNT };
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
