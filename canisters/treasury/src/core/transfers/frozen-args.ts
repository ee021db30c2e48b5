import { sha256 } from '@decent-cloud/domain/sha256.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferId } from '../ids.ts';
import type { FrozenArgs, Transfer } from './transfer.ts';

const WORD_BYTES = 8;

/** SHA-256 over id and generation, 8 bytes big-endian each: 32 bytes, the most a ledger takes. */
export function memoOf(transfer: {
  readonly id: TransferId;
  readonly generation: number;
}): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * WORD_BYTES));
  bytes.setBigUint64(0, BigInt(transfer.id));
  bytes.setBigUint64(WORD_BYTES, BigInt(transfer.generation));
  return sha256(new Uint8Array(bytes.buffer));
}

/** The arguments of the next generation. Never changed once an event holds them. */
export function freezeArgs(transfer: Transfer, now: TimestampNs): FrozenArgs {
  const { id, amount, fee, lastGeneration } = transfer;
  const generation = lastGeneration + 1;
  return { generation, createdAt: now, memo: memoOf({ id, generation }), amount, fee };
}
