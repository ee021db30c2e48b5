import { unreachable } from '@decent-cloud/domain/assert.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferEvent } from '../events.ts';
import { freezeArgs } from './frozen-args.ts';
import { generationOver, reconciling, type Terms } from './transfer-events.ts';
import type { FrozenArgs, Transfer, TransferStatus } from './transfer.ts';
import { lastSendAt } from './window.ts';

/** What the machine does next with a transfer. */
export type TransferStep =
  /** First attempt of a generation: record `transfer-sent` with the arguments, then call. */
  | { readonly kind: 'send'; readonly args: FrozenArgs }
  /** Another attempt with the same bytes: record `transfer-resent`, then call. */
  | { readonly kind: 'resend'; readonly args: FrozenArgs }
  /** Look it up on the ledger. */
  | { readonly kind: 'reconcile'; readonly args: FrozenArgs }
  /** Something is known without a call. */
  | { readonly kind: 'record'; readonly event: TransferEvent }
  /** Not its time yet, or somebody is at it. */
  | { readonly kind: 'wait'; readonly until: TimestampNs | undefined }
  /** Paid, failed or parked. */
  | { readonly kind: 'rest' };

/** What the decision depends on beside the transfer. */
export interface Situation {
  readonly now: TimestampNs;
  /** Somebody in this process waits for an answer about it. */
  readonly isLive: boolean;
  readonly hasIcrc3Blocks: boolean;
  /** What a new generation would send; undefined if nothing would arrive. */
  readonly terms: () => Terms | undefined;
}

/** The one place that decides what happens next. Same inputs, same answer. */
export function nextStep(transfer: Transfer, situation: Situation): TransferStep {
  const { status } = transfer;
  const { now, isLive } = situation;
  switch (status.kind) {
    case 'paid':
    case 'failed':
    case 'parked':
      return { kind: 'rest' };
    case 'in-flight':
      if (isLive) return { kind: 'wait', until: undefined };
      return { kind: 'record', event: answerLost(transfer, now) };
    case 'planned':
    case 'retry':
    case 'reconcile':
      if (isLive) return { kind: 'wait', until: undefined };
      if (now < status.notBefore) return { kind: 'wait', until: status.notBefore };
      return dueStep(transfer, status, situation);
    default:
      return unreachable(status);
  }
}

type Waiting = Extract<TransferStatus, { readonly notBefore: TimestampNs }>;

function dueStep(transfer: Transfer, status: Waiting, situation: Situation): TransferStep {
  const { now, hasIcrc3Blocks } = situation;
  if (status.kind === 'planned') return { kind: 'send', args: freezeArgs(transfer, now) };
  const { args } = status;
  if (status.kind === 'reconcile') return { kind: 'reconcile', args };
  if (now <= lastSendAt(args.createdAt)) return { kind: 'resend', args };
  const problem = `too late to send it again; before: ${transfer.lastProblem ?? 'no answer'}`;
  if (status.isUnknown) {
    const event = reconciling(transfer, { args, now, problem, hasIcrc3Blocks });
    return { kind: 'record', event };
  }
  const { scanFrom } = transfer;
  const terms = situation.terms();
  return { kind: 'record', event: generationOver(transfer, { now, problem, terms, scanFrom }) };
}

/** Nobody waits any more for an answer that may say anything. */
function answerLost(transfer: Transfer, now: TimestampNs): TransferEvent {
  const problem = 'the answer of the ledger was not seen';
  const kind = 'transfer-retry';
  return { kind, transferId: transfer.id, isUnknown: true, problem, notBefore: now };
}
