import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';
import { canister } from '../composition.ts';
import { consentMessage } from '../core/consent/consent-message.ts';
import { consentSubject } from '../flows/consent-subject.ts';
import { consentCallFromWire } from './wire/consent-call-wire.ts';
import { ConsentRequest, ConsentResponse, consentToWire, Standards } from './wire/consent-wire.ts';
import { STANDARDS } from './wire/consent-wire.ts';
import type { WireConsentRequest, WireConsentResponse } from './wire/consent-wire.ts';

/** What wallets ask before their users sign. Open to all, also to signers without an identity. */
export class ConsentEndpoints {
  /** The standards besides those of a plain canister. */
  @query([], Standards)
  icrc10_supported_standards(): typeof STANDARDS {
    return STANDARDS;
  }

  /** An update although it changes nothing: the answer has to be certified. */
  @update([ConsentRequest], ConsentResponse)
  icrc21_canister_call_consent_message(request: WireConsentRequest): WireConsentResponse {
    const call = consentCallFromWire(request);
    if (call.kind === 'err') {
      return { Err: { UnsupportedCanisterCall: { description: call.error } } };
    }
    const subject = consentSubject(canister, call.value);
    if (subject.kind === 'err') {
      return { Err: { ConsentMessageUnavailable: { description: subject.error } } };
    }
    return consentToWire(consentMessage(subject.value), request.user_preferences);
  }
}
