import { invariant, unreachable } from '@decent-cloud/domain/assert.ts';
import type { UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferEvent } from '../events.ts';
import { describeOutcome, isSurelyNotExecuted, provenBlock } from './attempt.ts';
import type { AttemptOutcome, LedgerRefusal } from './attempt.ts';
import { backOff } from './back-off.ts';
import { generationOver, reconciling, type Terms } from './transfer-events.ts';
import type { Transfer, TransferStatus } from './transfer.ts';

/** What the meaning of an answer depends on beside the transfer, all read after the answer came. */
export interface AnswerSituation {
  readonly now: TimestampNs;
  readonly hasIcrc3Blocks: boolean;
  /** What a new generation would send, at the fee that the ledger takes now. */
  readonly terms: () => Terms | undefined;
  /** What the amount is worth now, for statements. */
  readonly usdE8: UsdE8 | undefined;
}

type InFlight = Extract<TransferStatus, { kind: 'in-flight' }>;
type Answer = AnswerSituation & { readonly status: InFlight; readonly problem: string };

/**
 * Turns the end of one call into the one event that says what it means for the transfer.
 *
 * Only three answers move money in the books: a block, a duplicate's block, and nothing else. An
 * attempt that may have executed keeps its generation until the ledger's own blocks or balance speak.
 */
export function afterAttempt(
  transfer: Transfer,
  outcome: AttemptOutcome,
  situation: AnswerSituation,
): TransferEvent {
  const { status } = transfer;
  invariant(status.kind === 'in-flight', `transfer ${transfer.id} waits for no answer`);
  const transferId = transfer.id;
  const proof = provenBlock(outcome);
  if (proof !== undefined) {
    return { kind: 'transfer-paid', transferId, ...proof, usdE8: situation.usdE8 };
  }
  const answer = { ...situation, status, problem: describeOutcome(outcome) };
  if (outcome.kind === 'refused') return afterRefusal(transfer, outcome.refusal, answer);
  return again(transfer, answer, isSurelyNotExecuted(outcome));
}

/** The same bytes once more. A deposit of which surely nothing happened is over: the payer is there. */
function again(transfer: Transfer, answer: Answer, isSure: boolean): TransferEvent {
  const { status, now, problem } = answer;
  const transferId = transfer.id;
  const isUnknown = status.isUnknown || !isSure;
  if (!isUnknown && transfer.purpose.kind === 'deposit') {
    return { kind: 'transfer-failed', transferId, reason: problem };
  }
  const notBefore = backOff(now, status.attempts);
  return { kind: 'transfer-retry', transferId, isUnknown, problem, notBefore };
}

function afterRefusal(transfer: Transfer, refusal: LedgerRefusal, answer: Answer): TransferEvent {
  switch (refusal.kind) {
    case 'temporarily-unavailable':
    case 'created-in-future':
      return again(transfer, answer, true);
    case 'generic':
      return again(transfer, answer, false);
    case 'bad-fee':
    case 'too-old':
      return isOver(transfer, answer);
    case 'bad-burn':
    case 'insufficient-funds':
    case 'insufficient-allowance':
      return isStuck(transfer, answer);
    case 'duplicate':
      return unreachable(refusal as never);
    default:
      return unreachable(refusal);
  }
}

/** The ledger will not execute these bytes now; whether it did before is the question. */
function isOver(transfer: Transfer, answer: Answer): TransferEvent {
  const { status, now, problem, terms, hasIcrc3Blocks } = answer;
  const { args } = status;
  if (status.isUnknown) return reconciling(transfer, { args, now, problem, hasIcrc3Blocks });
  const { scanFrom } = transfer;
  return generationOver(transfer, { now, problem, terms: terms(), scanFrom });
}

/** A new generation would meet the same refusal: the books and the ledger disagree. */
function isStuck(transfer: Transfer, answer: Answer): TransferEvent {
  if (answer.status.isUnknown || transfer.purpose.kind === 'deposit') {
    return isOver(transfer, answer);
  }
  return { kind: 'transfer-parked', transferId: transfer.id, reason: answer.problem };
}
