import { concatBytes } from '@noble/hashes/utils.js';
import { domainSeparator } from '../crypto/bytes.ts';
import { SignatureError, type UserKey } from '../crypto/user-key.ts';
import { HttpError } from './http-error.ts';
import type { SenderInfo } from './request-content.ts';

const SENDER_INFO_SEPARATOR = domainSeparator('ic-sender-info');

/**
 * Checks that the canister which signs for the sender also vouches for the information.
 *
 * Errors: `HttpError` 400.
 * Source: IC interface spec, "Request: Call", `sender_info`.
 */
export function checkSenderInfo(senderInfo: SenderInfo, senderKey: UserKey): void {
  const { signingCanister } = senderKey;
  if (signingCanister?.compareTo(senderInfo.signer) !== 'eq') {
    throw new HttpError(
      400,
      'Invalid sender info: the signer is not the canister of sender_pubkey',
    );
  }
  try {
    senderKey.verify(concatBytes(SENDER_INFO_SEPARATOR, senderInfo.info), senderInfo.signature);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new HttpError(400, `Invalid sender info: ${error.message}`);
  }
}
