import type { Principal } from '@dfinity/principal';
import type { MessageId } from '../core/types.ts';
import { hashOfMap, type HashableMap } from '../crypto/request-id.ts';
import type { Path } from '../crypto/tree-lookup.ts';
import { RecordError, type CborRecord } from './cbor-record.ts';

/** A request id, as bytes for hashes and trees and as the replica's message id. */
export interface RequestId {
  readonly bytes: Uint8Array;
  readonly messageId: MessageId;
}

/** Fields that every kind of request has. */
interface CommonContent {
  readonly id: RequestId;
  readonly sender: Principal;
  readonly expiryNs: bigint;
  readonly nonce: Uint8Array | undefined;
}

/** Who vouches for the caller beside its key. Source: spec, `sender_info`. */
export interface SenderInfo {
  readonly info: Uint8Array;
  readonly signer: Principal;
  readonly signature: Uint8Array;
}

/** An update or query call. */
export interface CallContent extends CommonContent {
  readonly kind: 'call' | 'query';
  readonly canisterId: Principal;
  readonly method: string;
  readonly arg: Uint8Array;
  readonly senderInfo: SenderInfo | undefined;
}

export interface ReadStateContent extends CommonContent {
  readonly kind: 'read_state';
  readonly paths: readonly Path[];
}

export type RequestContent = CallContent | ReadStateContent;

/**
 * Reads the `content` of an envelope. The request id covers exactly the fields read here.
 *
 * Errors: `RecordError`.
 * Source: IC interface spec, "Request: Call", "Request: Query call", "Request: Read state".
 */
export function parseRequestContent(record: CborRecord): RequestContent {
  const kind = record.text('request_type');
  switch (kind) {
    case 'call':
    case 'query':
      return parseCall(record, kind);
    case 'read_state':
      return parseReadState(record);
    default:
      throw new RecordError(`content: unknown variant \`${kind.slice(0, 40)}\` of request_type`);
  }
}

function parseCall(record: CborRecord, kind: 'call' | 'query'): CallContent {
  const canisterId = record.principal('canister_id');
  const method = record.text('method_name');
  const arg = record.blob('arg');
  const senderInfo = record.optional('sender_info', () => parseSenderInfo(record));
  const common = parseCommon(record, kind, {
    canister_id: canisterId.toUint8Array(),
    method_name: method,
    arg,
    sender_info: senderInfo && {
      info: senderInfo.info,
      signer: senderInfo.signer.toUint8Array(),
      sig: senderInfo.signature,
    },
  });
  return { kind, ...common, canisterId, method, arg, senderInfo };
}

function parseSenderInfo(record: CborRecord): SenderInfo {
  const info = record.record('sender_info');
  return {
    info: info.blob('info'),
    signer: info.principal('signer'),
    signature: info.blob('sig'),
  };
}

function parseReadState(record: CborRecord): ReadStateContent {
  const paths = record.list('paths').map((path): Path => {
    if (!Array.isArray(path)) throw new RecordError('content: a path is not an array');
    return path.map((label: unknown) => {
      if (label instanceof Uint8Array) return label;
      throw new RecordError('content: a label is not a blob');
    });
  });
  return { kind: 'read_state', ...parseCommon(record, 'read_state', { paths }), paths };
}

function parseCommon(record: CborRecord, kind: string, fields: HashableMap): CommonContent {
  const sender = record.principal('sender');
  const expiryNs = record.nat64('ingress_expiry');
  const nonce = record.optional('nonce', () => record.blob('nonce'));
  const bytes = hashOfMap({
    ...fields,
    request_type: kind,
    sender: sender.toUint8Array(),
    ingress_expiry: expiryNs,
    nonce,
  });
  const messageId = Buffer.from(bytes).toString('hex') as MessageId;
  return { id: { bytes, messageId }, sender, expiryNs, nonce };
}
