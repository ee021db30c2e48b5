import type { Err } from '@decent-cloud/domain/result.ts';
import { invalidArgument } from '@decent-cloud/kit/errors/common-errors.ts';
import type { DisputeRefusal } from '../../core/escrow/disputes.ts';
import type { Escrow } from '../../core/escrow/escrow.ts';
import type { FactRefusal } from '../../core/escrow/facts.ts';
import type { EscrowId } from '../../core/ids.ts';
import { refuse, type TreasuryError } from '../treasury-errors.ts';

const NOTHING = 'Nothing changed and no money moved.';

export function refuseUnknownEscrow(id: EscrowId): Err<TreasuryError> {
  return refuse({ kind: 'not-found' }, `There is no escrow ${id}. ${NOTHING}`);
}

/** Why a fact has no effect. */
export function refuseFact(refusal: FactRefusal, escrow: Escrow): Err<TreasuryError> {
  switch (refusal.kind) {
    case 'out-of-order':
      return refuse(
        { kind: 'out-of-order', expected: refusal.expected },
        `Facts of an escrow come in order, and number ${refusal.expected} is missing. ${NOTHING} Report it first.`,
      );
    case 'not-funded':
      return refuse(
        { kind: 'wrong-phase', phase: escrow.phase.kind },
        `Nothing is paid yet, so there is nothing that this fact could be about. ${NOTHING} Wait for Funded.`,
      );
    case 'already-ended':
      return refuse(
        { kind: 'wrong-phase', phase: escrow.phase.kind },
        `The paid time is over already; it is settled by what was reported until then. ${NOTHING} Report no more about it.`,
      );
    case 'invalid-fact':
      return refuse(
        { kind: 'invalid-fact', rule: refusal.rule },
        `This cannot have happened: ${refusal.rule}. ${NOTHING} Correct the fact and report it under the same number.`,
      );
  }
}

/** Why a dispute is not opened, agreed or decided. */
export function refuseDispute(refusal: DisputeRefusal, escrow: Escrow): Err<TreasuryError> {
  switch (refusal.kind) {
    case 'not-allowed':
      return refuse(
        { kind: 'not-allowed' },
        `Payer and provider open disputes and agree, and the arbiter that the quote names decides. ${NOTHING}`,
      );
    case 'no-dispute':
      return refuse(
        { kind: 'wrong-phase', phase: escrow.phase.kind },
        `There is no open dispute about this escrow. ${NOTHING}`,
      );
    case 'dispute-open':
      return refuse(
        { kind: 'wrong-phase', phase: escrow.phase.kind },
        `A dispute is open already, and what it can be about is frozen. ${NOTHING} Agree on a split or wait for the arbiter.`,
      );
    case 'not-disputable':
      return refuse(
        { kind: 'wrong-phase', phase: escrow.phase.kind },
        `A dispute is possible from the start of a rental until all of its deposit is decided. ${NOTHING}`,
      );
    case 'invalid-argument':
      return invalidArgument(refusal);
  }
}
