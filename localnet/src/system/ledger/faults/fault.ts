import { RejectCode } from '../../../core/types.ts';

/** When a ledger that does not answer yet carries the transaction out. */
export type Execution = 'at-once' | 'when-released' | 'never';

/** Reject codes with which a call can end before a ledger saw it. */
export type EarlyRejectCode = Exclude<RejectCode, typeof RejectCode.SysFatal | 6>;

/** One way in which a call of a ledger goes wrong. */
export type Fault =
  /** The transaction is final; the caller sees reject code 5, as if the ledger trapped after it. */
  | { readonly kind: 'lost-reply' }
  /** Nothing happens; the caller sees a reject of this code. */
  | { readonly kind: 'reject-before'; readonly code: EarlyRejectCode }
  /** Nothing happens; the caller sees reject code 5 with the text of a trap. */
  | { readonly kind: 'trap-before' }
  /** Nothing happens; the ledger answers `Err(TemporarilyUnavailable)`. */
  | { readonly kind: 'temporarily-unavailable' }
  /** The ledger answers `Err(GenericError)`, whether the transaction is final or not. */
  | {
      readonly kind: 'generic-error';
      readonly errorCode: bigint;
      readonly message: string;
      readonly isExecuted: boolean;
    }
  /** The fee changes just before, as by an upgrade of the ledger; the call meets the new one. */
  | { readonly kind: 'fee-change'; readonly fee: bigint }
  /** No answer until `release`; a transaction that is never executed is then rejected with 2. */
  | { readonly kind: 'never-reply'; readonly executes: Execution }
  /** The answer comes so many rounds later. */
  | {
      readonly kind: 'delay-reply';
      readonly rounds: number;
      readonly executes: Exclude<Execution, 'never'>;
    }
  /** The transaction is final; the answer is bytes that are no Candid. */
  | { readonly kind: 'garbage-reply' }
  /** After the transaction all blocks move to a new archive canister; then the ledger answers. */
  | { readonly kind: 'archive-split' };

export type FaultKind = Fault['kind'];

/** Kinds that any method can meet, also a query that a canister calls; the rest need a transaction. */
export const TRANSPORT_FAULTS: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'lost-reply',
  'reject-before',
  'trap-before',
  'never-reply',
  'delay-reply',
  'garbage-reply',
]);

export const EARLY_REJECT_CODES: readonly EarlyRejectCode[] = [
  RejectCode.SysTransient,
  RejectCode.DestinationInvalid,
  RejectCode.CanisterReject,
  RejectCode.CanisterError,
];

/** A fault that a method cannot have, or no fault at all. */
export class FaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultError';
  }
}

/** Throws `FaultError` for numbers that mean nothing. */
export function checkFault(fault: Fault): void {
  if (fault.kind === 'reject-before' && !EARLY_REJECT_CODES.includes(fault.code)) {
    throw new FaultError(`a call is not rejected with code ${String(fault.code)} before it runs`);
  }
  if (fault.kind === 'delay-reply' && !(Number.isInteger(fault.rounds) && fault.rounds > 0)) {
    throw new FaultError('a reply is delayed by at least one round');
  }
}
