import { CborError, decodeCbor } from '../crypto/cbor.ts';
import { CborRecord, RecordError } from './cbor-record.ts';
import { HttpError } from './http-error.ts';
import { parseRequestContent, type RequestContent } from './request-content.ts';

/** Proof of who sent a request; not yet checked. */
export interface Authentication {
  readonly publicKeyDer: Uint8Array;
  readonly signature: Uint8Array;
  readonly delegations: readonly SignedDelegation[];
}

export interface SignedDelegation {
  readonly publicKeyDer: Uint8Array;
  readonly expirationNs: bigint;
  readonly targets: readonly Uint8Array[] | undefined;
  readonly permissions: string | undefined;
  readonly signature: Uint8Array;
}

/** A decoded but unauthenticated request. */
export interface Envelope {
  readonly content: RequestContent;
  readonly authentication: Authentication | undefined;
}

/**
 * Decodes a request body.
 *
 * Errors: `HttpError` 400 if it is not the CBOR of an envelope.
 * Source: IC interface spec, "Authentication".
 */
export function parseEnvelope(body: Uint8Array): Envelope {
  try {
    const record = new CborRecord(decodeCbor(body), 'envelope');
    const content = parseRequestContent(record.record('content'));
    return { content, authentication: parseAuthentication(record) };
  } catch (error) {
    if (error instanceof CborError || error instanceof RecordError) {
      throw new HttpError(400, `Failed to deserialize cbor request: ${error.message}`);
    }
    throw error;
  }
}

function parseAuthentication(record: CborRecord): Authentication | undefined {
  const publicKeyDer = record.optional('sender_pubkey', () => record.blob('sender_pubkey'));
  const signature = record.optional('sender_sig', () => record.blob('sender_sig'));
  const delegations = record.optional('sender_delegation', () =>
    record.list('sender_delegation').map(parseDelegation),
  );
  if (publicKeyDer !== undefined && signature !== undefined) {
    return { publicKeyDer, signature, delegations: delegations ?? [] };
  }
  if (publicKeyDer === undefined && signature === undefined && delegations === undefined) {
    return undefined;
  }
  throw new HttpError(400, 'Malformed request: missing public key or signature');
}

function parseDelegation(value: unknown): SignedDelegation {
  const signed = new CborRecord(value, 'sender_delegation');
  const delegation = signed.record('delegation');
  return {
    publicKeyDer: delegation.blob('pubkey'),
    expirationNs: delegation.nat64('expiration'),
    targets: delegation.optional('targets', () => delegation.blobs('targets')),
    permissions: delegation.optional('permissions', () => delegation.text('permissions')),
    signature: signed.blob('signature'),
  };
}
