import type { NativeCall, NativeCallOutcome, NativeContext } from '../../core/native.ts';
import { archiveBlocks, isArchivingDue, type Archiver } from './archiving.ts';
import type { LedgerResult } from './core/apply-transaction.ts';
import type { LedgerState } from './core/ledger-state.ts';

export interface SubmittingLedger<A> {
  readonly state: LedgerState<A>;
  readonly archiver: Archiver;
  /** Sets the certified data to the current tip. */
  certify(context: NativeContext): void;
}

/**
 * The one way a call changes a ledger: execute, certify the new tip, archive if due, answer. Like
 * the ledgers it stands in for, the transaction is final before archiving awaits anything.
 */
export function submit<A, T>(
  ledger: SubmittingLedger<A>,
  context: NativeContext,
  step: { readonly execute: () => LedgerResult; readonly answer: (result: LedgerResult) => T },
): T | Generator<NativeCall, T, NativeCallOutcome> {
  const result = step.execute();
  if (result.kind === 'error') return step.answer(result);
  ledger.certify(context);
  return isArchivingDue(ledger.state, ledger.archiver)
    ? answerAfterArchiving(ledger, context, () => step.answer(result))
    : step.answer(result);
}

function* answerAfterArchiving<A, T>(
  ledger: SubmittingLedger<A>,
  context: NativeContext,
  answer: () => T,
): Generator<NativeCall, T, NativeCallOutcome> {
  yield* archiveBlocks(context, ledger.state, ledger.archiver);
  return answer();
}
