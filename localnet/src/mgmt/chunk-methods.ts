import { IDL } from '@dfinity/candid';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ErrorCode } from '../core/types.ts';
import { compareBytes, sha256 } from '../crypto/bytes.ts';
import { canisterMethod, DONE } from './method.ts';
import { Refusal } from './refusal.ts';
import {
  CanisterIdRecord,
  ChunkHash,
  UploadChunkArgs,
  type WireCanisterId,
  type WireUploadChunk,
} from './wire/lifecycle.ts';

const CHUNK_BYTES_MAX = 1024 * 1024;
const CHUNKS_MAX = 100;

export const uploadChunk = canisterMethod<WireUploadChunk>({
  argType: UploadChunkArgs,
  resultType: ChunkHash,
  canisterId: (arg) => arg.canister_id,
  access: 'self',
  run: ({ state }, canister, { chunk }) => {
    if (chunk.length > CHUNK_BYTES_MAX) {
      throw chunkStoreError(
        `Wasm chunk size ${chunk.length} exceeds the maximum chunk size of ${CHUNK_BYTES_MAX}`,
      );
    }
    const { chunks } = state.of(canister);
    const hash = sha256(chunk);
    const key = bytesToHex(hash);
    if (!chunks.has(key) && chunks.size >= CHUNKS_MAX) {
      throw chunkStoreError(
        `Wasm chunk store has already reached maximum capacity of ${CHUNKS_MAX}`,
      );
    }
    chunks.set(key, chunk.slice());
    return { kind: 'reply', value: { hash } };
  },
});

export const clearChunkStore = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  canisterId: (arg) => arg.canister_id,
  access: 'self',
  run: ({ state }, canister) => {
    state.of(canister).chunks.clear();
    return DONE;
  },
});

export const storedChunks = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  resultType: IDL.Vec(ChunkHash),
  canisterId: (arg) => arg.canister_id,
  access: 'self',
  run: ({ state }, canister) => {
    const hashes = [...state.peek(canister).chunks.values()].map((chunk) => sha256(chunk));
    return { kind: 'reply', value: hashes.sort(compareBytes).map((hash) => ({ hash })) };
  },
});

/** A refusal of the chunk store, in the IC's words. */
export function chunkStoreError(message: string): Refusal {
  return new Refusal(
    ErrorCode.CanisterContractViolation,
    `Error from Wasm chunk store: ${message}.`,
  );
}
