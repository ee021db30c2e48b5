import { createHash } from 'node:crypto';
import type { Principal } from '@dfinity/principal';
import { accountOf, type Account } from '@decent-cloud/localnet/system/ledger/core/account.ts';

const WORD_BYTES = 8;

/** The account of an escrow by the public rule: SHA-256 over `dc-escrow-v1` and the number. */
export function escrowAccountOf(treasury: Principal, escrowId: bigint): Account {
  return accountOf(treasury, sha256(Buffer.from('dc-escrow-v1'), word(escrowId)));
}

/** The account in which the platform's fees are collected. */
export function platformAccountOf(treasury: Principal): Account {
  return accountOf(treasury, sha256(Buffer.from('dc-platform-v1')));
}

/** The memo that a generation of a transfer has in its block: SHA-256 over both numbers. */
export function memoOf(transferId: bigint, generation: number): Uint8Array {
  return sha256(word(transferId), word(BigInt(generation)));
}

function word(value: bigint): Buffer {
  const bytes = Buffer.alloc(WORD_BYTES);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
