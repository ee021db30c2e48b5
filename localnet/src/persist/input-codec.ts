import { Principal } from '@dfinity/principal';
import { decode, encode } from 'cborg';
import { z } from 'zod';
import type { ReplicaInput } from '../core/replica-api.ts';
import { RejectCode, type HttpOutcallAnswer, type MessageId } from '../core/types.ts';

const bytes = z.instanceof(Uint8Array);
const principal = bytes.transform((raw) => Principal.fromUint8Array(raw));
/** Decimal text: CBOR's own integers end at 64 bits, cycles do not. */
const nat = z
  .string()
  .regex(/^\d+$/)
  .transform((text) => BigInt(text));
const messageId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => text as MessageId);

const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('reply'),
    status: z.int(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    body: bytes,
  }),
  z.object({
    kind: z.literal('reject'),
    code: z.literal(Object.values(RejectCode)),
    message: z.string(),
  }),
]);

const input = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ingress'),
    message: z.object({
      id: messageId,
      sender: principal,
      canisterId: principal,
      method: z.string(),
      arg: bytes,
      expiryNs: nat,
    }),
  }),
  z.object({ kind: z.literal('round'), atNs: nat }),
  z.object({ kind: z.literal('http-answer'), id: z.int(), answer }),
  z.object({ kind: z.literal('add-cycles'), canisterId: principal, amount: nat }),
  z.object({ kind: z.literal('set-stable-memory'), canisterId: principal, bytes }),
]);

/** A replica's input as one CBOR map. */
export function encodeInput(value: ReplicaInput): Uint8Array {
  return encode(plainOf(value));
}

/** Reads what `encodeInput` wrote. Throws if it is anything else. */
export function decodeInput(record: Uint8Array): ReplicaInput {
  return input.parse(decode(record));
}

function plainOf(value: ReplicaInput): unknown {
  switch (value.kind) {
    case 'ingress':
      return { kind: value.kind, message: plainMessage(value.message) };
    case 'round':
      return { kind: value.kind, atNs: value.atNs.toString() };
    case 'http-answer':
      return { kind: value.kind, id: value.id, answer: plainAnswer(value.answer) };
    case 'add-cycles':
      return {
        kind: value.kind,
        canisterId: value.canisterId.toUint8Array(),
        amount: value.amount.toString(),
      };
    case 'set-stable-memory':
      return {
        kind: value.kind,
        canisterId: value.canisterId.toUint8Array(),
        bytes: value.bytes,
      };
  }
}

function plainMessage(message: Extract<ReplicaInput, { kind: 'ingress' }>['message']): unknown {
  return {
    id: message.id,
    sender: message.sender.toUint8Array(),
    canisterId: message.canisterId.toUint8Array(),
    method: message.method,
    arg: message.arg,
    expiryNs: message.expiryNs.toString(),
  };
}

/** Field by field: what a caller's object carries besides would not be read back. */
function plainAnswer(value: HttpOutcallAnswer): unknown {
  if (value.kind === 'reject') {
    return { kind: value.kind, code: value.code, message: value.message };
  }
  const { kind, status, body } = value;
  const headers = value.headers.map((header) => ({ name: header.name, value: header.value }));
  return { kind, status, headers, body };
}
