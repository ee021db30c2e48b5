import { Principal } from '@dfinity/principal';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { domainSeparator } from '../crypto/bytes.ts';
import { SignatureError, type UserKey } from '../crypto/user-key.ts';
import { delegationPayload, scopeOfChain, UNLIMITED, type Scope } from './delegation.ts';
import type { Authentication, Envelope } from './envelope.ts';
import { HttpError } from './http-error.ts';
import type { RequestContent, SenderInfo } from './request-content.ts';
import { checkSenderInfo } from './sender-info.ts';
import { timeText } from './time-text.ts';

const REQUEST_SEPARATOR = domainSeparator('ic-request');

/** Source: IC interface spec, "Authentication". */
const MAX_NONCE_BYTES = 32;
/** Source: dfinity/ic rs/limits, `MAX_INGRESS_TTL` + `PERMITTED_DRIFT_AT_VALIDATOR`. */
const MAX_EXPIRY_AHEAD_NS = (300n + 30n) * 1_000_000_000n;

/** What requests are checked against. */
export interface AuthenticationContext {
  readonly nowNs: bigint;
  /** How far that is ahead of clients that go by the wall clock. */
  readonly aheadNs: bigint;
  /** Throws `SignatureError` for bytes that are no public key of a known scheme. */
  readonly parseKey: (der: Uint8Array) => UserKey;
}

/**
 * Proves that the sender sent the request and that it is still valid, and gives what the sender's
 * delegations allow. Nothing about a request may be believed before this returned.
 *
 * Errors: `HttpError` 400, with texts as the IC's.
 * Source: IC interface spec, "Authentication"; dfinity/ic rs/validator.
 */
export function authenticate(envelope: Envelope, context: AuthenticationContext): Scope {
  const { content, authentication } = envelope;
  assertNonce(content);
  if (needsExpiryCheck(content)) expiryHere(content.expiryNs, context);
  const scope = checkSender(envelope, context);
  if (content.kind === 'call' && !scope.allowsUpdates) {
    throw new HttpError(400, 'Invalid delegation: update calls are not permitted');
  }
  if (content.kind !== 'read_state') {
    assertTarget(content.canisterId, scope);
    assertSenderInfo(content.senderInfo, authentication, context);
  }
  return scope;
}

/** True if the scope's delegations may be used for calls to `canisterId`. */
export function isTarget(scope: Scope, canisterId: Principal): boolean {
  return scope.targets === undefined || scope.targets.has(bytesToHex(canisterId.toUint8Array()));
}

function assertNonce({ nonce }: RequestContent): void {
  if (nonce === undefined || nonce.length <= MAX_NONCE_BYTES) return;
  throw new HttpError(
    400,
    `Nonce in request is too big: got ${nonce.length} bytes, but at most ${MAX_NONCE_BYTES} ` +
      'are allowed',
  );
}

/** Anonymous reads have nothing to replay; clients with a wrong clock learn the time by one. */
function needsExpiryCheck(content: RequestContent): boolean {
  return content.kind === 'call' || !content.sender.isAnonymous();
}

/**
 * When a request expires by the time here. Clients date requests by the wall clock or, if they asked
 * for it, by the network's time; either is taken. Errors: `HttpError` 400 outside of the range.
 */
export function expiryHere(
  expiryNs: bigint,
  { nowNs, aheadNs }: Pick<AuthenticationContext, 'nowNs' | 'aheadNs'>,
): bigint {
  const latestNs = nowNs + MAX_EXPIRY_AHEAD_NS;
  for (const hereNs of [expiryNs, expiryNs + aheadNs]) {
    if (nowNs <= hereNs && hereNs <= latestNs) return hereNs;
  }
  throw new HttpError(
    400,
    'Invalid request expiry: Specified ingress_expiry not within expected range: ' +
      `Minimum allowed expiry: ${timeText(nowNs)}, Maximum allowed expiry: ${timeText(latestNs)}, ` +
      `Provided expiry: ${timeText(expiryNs)}`,
  );
}

function checkSender(envelope: Envelope, context: AuthenticationContext): Scope {
  const { content, authentication } = envelope;
  const { sender } = content;
  if (authentication === undefined) {
    if (sender.isAnonymous()) return UNLIMITED;
    throw new HttpError(400, `Missing signature from user: ${sender.toText()}`);
  }
  if (sender.isAnonymous()) {
    throw new HttpError(400, 'Signature is not allowed for the anonymous user');
  }
  const { publicKeyDer } = authentication;
  if (Principal.selfAuthenticating(publicKeyDer).compareTo(sender) !== 'eq') {
    const key = bytesToHex(publicKeyDer);
    throw new HttpError(400, `The user id ${sender.toText()} does not match the public key ${key}`);
  }
  return checkSignatures(authentication, content, context);
}

function checkSignatures(
  authentication: Authentication,
  content: RequestContent,
  context: AuthenticationContext,
): Scope {
  const { delegations, publicKeyDer, signature } = authentication;
  const scope = scopeOfChain(delegations, { senderKeyDer: publicKeyDer, nowNs: context.nowNs });
  let signerDer = publicKeyDer;
  for (const delegation of delegations) {
    const { signature: delegationSignature } = delegation;
    const payload = delegationPayload(delegation);
    assertSigned(
      { what: 'delegation', signerDer, payload, signature: delegationSignature },
      context,
    );
    signerDer = delegation.publicKeyDer;
  }
  const payload = concatBytes(REQUEST_SEPARATOR, content.id.bytes);
  assertSigned({ what: 'signature', signerDer, payload, signature }, context);
  return scope;
}

function assertSigned(
  signed: {
    readonly what: 'delegation' | 'signature';
    readonly signerDer: Uint8Array;
    readonly payload: Uint8Array;
    readonly signature: Uint8Array;
  },
  context: AuthenticationContext,
): void {
  try {
    context.parseKey(signed.signerDer).verify(signed.payload, signed.signature);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    const prefix = error.reason === 'public-key' ? 'Invalid public key: ' : '';
    throw new HttpError(400, `Invalid ${signed.what}: ${prefix}${error.message}`);
  }
}

function assertSenderInfo(
  senderInfo: SenderInfo | undefined,
  authentication: Authentication | undefined,
  context: AuthenticationContext,
): void {
  if (senderInfo === undefined) return;
  if (authentication === undefined) {
    throw new HttpError(400, 'Invalid sender info: the anonymous user has none');
  }
  checkSenderInfo(senderInfo, context.parseKey(authentication.publicKeyDer));
}

function assertTarget(canisterId: Principal, scope: Scope): void {
  if (isTarget(scope, canisterId)) return;
  throw new HttpError(400, `Canister ${canisterId.toText()} is not one of the delegation targets`);
}
