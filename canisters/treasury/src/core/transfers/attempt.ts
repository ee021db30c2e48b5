/** What an ICRC-1 or ICRC-2 ledger answers instead of a block. Amounts and times as on the wire. */
export type LedgerRefusal =
  | { readonly kind: 'bad-fee'; readonly expectedFee: bigint }
  | { readonly kind: 'bad-burn'; readonly minBurnAmount: bigint }
  | { readonly kind: 'insufficient-funds'; readonly balance: bigint }
  | { readonly kind: 'insufficient-allowance'; readonly allowance: bigint }
  | { readonly kind: 'too-old' }
  | { readonly kind: 'created-in-future'; readonly ledgerTime: bigint }
  | { readonly kind: 'duplicate'; readonly duplicateOf: bigint }
  | { readonly kind: 'temporarily-unavailable' }
  | { readonly kind: 'generic'; readonly code: bigint; readonly message: string };

/** How one call of `icrc1_transfer` or `icrc2_transfer_from` ended. */
export type AttemptOutcome =
  | { readonly kind: 'executed'; readonly block: bigint }
  | { readonly kind: 'refused'; readonly refusal: LedgerRefusal }
  /** Never left this canister. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly code: number; readonly message: string }
  /** The ledger ran, and nobody can read what it said. */
  | { readonly kind: 'undecodable'; readonly reason: string };

/**
 * True if the call surely had no effect: it never arrived, or the ledger said so in words of its own.
 * A reject by the callee (4) counts as unknown like a trap (5): what a canister did before it rejects
 * stays done. `GenericError` is whatever a ledger has no other word for, also what went wrong after it
 * executed. Source: Internet Computer interface spec, "Reject codes"; ICRC-1, error variants.
 */
export function isSurelyNotExecuted(outcome: AttemptOutcome): boolean {
  switch (outcome.kind) {
    case 'not-sent':
      return true;
    case 'rejected':
      return outcome.code >= 1 && outcome.code <= 3;
    case 'refused':
      return outcome.refusal.kind !== 'duplicate' && outcome.refusal.kind !== 'generic';
    case 'executed':
    case 'undecodable':
      return false;
  }
}

/** The block that the outcome proves, if it does. */
export function provenBlock(
  outcome: AttemptOutcome,
): { readonly block: bigint; readonly how: 'reply' | 'duplicate' } | undefined {
  if (outcome.kind === 'executed') return { block: outcome.block, how: 'reply' };
  if (outcome.kind !== 'refused' || outcome.refusal.kind !== 'duplicate') return undefined;
  return { block: outcome.refusal.duplicateOf, how: 'duplicate' };
}

const SHOWN_CHARS = 200;

/** What happened, in words for people; foreign text is cut short. */
export function describeOutcome(outcome: AttemptOutcome): string {
  switch (outcome.kind) {
    case 'executed':
      return `the ledger executed it in block ${outcome.block.toString()}`;
    case 'not-sent':
      return `the call could not be sent: ${outcome.reason.slice(0, SHOWN_CHARS)}`;
    case 'rejected':
      return `the ledger's canister rejected the call (${outcome.code}): ${outcome.message.slice(0, SHOWN_CHARS)}`;
    case 'undecodable':
      return 'the ledger answered in a form that nobody can read';
    case 'refused':
      return describeRefusal(outcome.refusal);
  }
}

function describeRefusal(refusal: LedgerRefusal): string {
  switch (refusal.kind) {
    case 'bad-fee':
      return `the ledger takes a fee of ${refusal.expectedFee.toString()} now`;
    case 'bad-burn':
      return `the receiver is the minting account, which takes at least ${refusal.minBurnAmount.toString()}`;
    case 'insufficient-funds':
      return `the account holds ${refusal.balance.toString()}, which is too little`;
    case 'insufficient-allowance':
      return `the allowance is ${refusal.allowance.toString()}, which is too little`;
    case 'too-old':
      return 'the ledger says that it is too old';
    case 'created-in-future':
      return "the ledger's clock is behind";
    case 'duplicate':
      return `the ledger has it in block ${refusal.duplicateOf.toString()}`;
    case 'temporarily-unavailable':
      return 'the ledger is busy';
    case 'generic':
      return `the ledger refused (${refusal.code.toString()}): ${refusal.message.slice(0, SHOWN_CHARS)}`;
  }
}
