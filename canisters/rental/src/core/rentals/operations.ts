import type { RentalEffect, RentalEvent } from './rental-event.ts';
import type { PowerAction, Rental } from './rental.ts';
import { moved, wrongState, type In, type Moving, type Step } from './step.ts';

type OperationEvent = Extract<
  RentalEvent,
  {
    kind:
      | 'operation-started'
      | 'power-done'
      | 'keys-rotated'
      | 'recipe-upgraded'
      | 'recipe-rolled-back'
      | 'operation-failed';
  }
>;

const POWER_NOTES: Readonly<Record<PowerAction, string>> = {
  on: 'Switched on.',
  off: 'Switched off. The paid time goes on.',
  reboot: 'Restarted.',
};

/** One operation at a time; only the job that does it can end it, and each only once. */
export function operated(
  rental: Rental,
  state: In<'active'>,
  { event }: Moving<OperationEvent>,
): Step {
  const { operation } = state;
  if (event.kind === 'operation-started') {
    if (operation !== undefined) return wrongState(rental);
    return started(rental, state, event.operation);
  }
  if (operation?.jobId !== event.jobId) return wrongState(rental);
  const done = { ...state, operation: undefined };
  switch (event.kind) {
    case 'power-done': {
      if (operation.kind !== 'power') return wrongState(rental);
      const power = event.action === 'off' ? 'off' : 'on';
      return moved(rental, { state: { ...done, power } }, [
        { kind: 'timeline', step: 'power', note: POWER_NOTES[event.action] },
      ]);
    }
    case 'keys-rotated':
      if (operation.kind !== 'rotate-ssh-keys') return wrongState(rental);
      return moved(rental, { state: done }, [{ kind: 'timeline', step: 'keys-rotated', note: '' }]);
    case 'recipe-upgraded':
      if (operation.kind !== 'upgrade-recipe') return wrongState(rental);
      return moved(rental, { state: done, deployment: event.to, skippedVersion: undefined }, [
        { kind: 'keep-inputs', which: 'new' },
        { kind: 'timeline', step: 'upgrade-done', note: event.to.semver },
        { kind: 'notify', notice: 'recipe-upgraded' },
      ]);
    case 'recipe-rolled-back':
      if (operation.kind !== 'upgrade-recipe') return wrongState(rental);
      return moved(rental, { state: done }, [
        { kind: 'keep-inputs', which: 'before' },
        { kind: 'timeline', step: 'upgrade-rolled-back', note: event.reason },
        { kind: 'notify', notice: 'recipe-rolled-back', reason: event.reason },
      ]);
    case 'operation-failed':
      return moved(rental, { state: done }, [
        ...(operation.kind === 'upgrade-recipe' ? [KEEP_BEFORE] : []),
        { kind: 'timeline', step: 'operation-failed', note: event.reason },
        { kind: 'notify', notice: 'operation-failed', reason: event.reason },
      ]);
  }
}

const KEEP_BEFORE: RentalEffect = { kind: 'keep-inputs', which: 'before' };

function started(
  rental: Rental,
  state: In<'active'>,
  operation: Extract<OperationEvent, { kind: 'operation-started' }>['operation'],
): Step {
  if (operation.kind !== 'upgrade-recipe') {
    return moved(rental, { state: { ...state, operation } });
  }
  const note = `${operation.from.semver} to ${operation.to.semver}`;
  return moved(rental, { state: { ...state, operation } }, [
    { kind: 'timeline', step: 'upgrade-started', note },
  ]);
}
