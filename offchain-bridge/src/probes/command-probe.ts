import { NO_CHECK_CODE } from '../core/door-script.ts';
import { WorkError } from '../core/work-error.ts';
import type { Door } from '../machine/door.ts';
import { timed, type Probe, type ProbeDeps } from './probe.ts';

type Look = Pick<Probe, 'verdict' | 'result'>;

const TIMED_OUT_CODE = 124;

/**
 * Has the machine run its health command, through the bridge's door. What a renter did to the door says
 * nothing about health. Rejects with the signal's reason only.
 */
export function probeCommand(door: Door, deps: ProbeDeps, signal: AbortSignal): Promise<Probe> {
  return timed(deps, 'health command', async () => {
    try {
      return lookOf(await door.check(signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WorkError) return { verdict: 'down', result: error.message };
      throw error;
    }
  });
}

function lookOf(outcome: Awaited<ReturnType<Door['check']>>): Look {
  switch (outcome.kind) {
    case 'unreachable':
      return { verdict: 'down', result: outcome.reason };
    case 'wrong-host-key':
      return { verdict: 'unknown', result: `answers with another host key: ${outcome.seen}` };
    case 'refused':
      return {
        verdict: 'unknown',
        result: "refuses the bridge's key: the dc-door line was taken out of authorized_keys",
      };
    case 'ended':
      return endOf(outcome.code);
  }
}

function endOf(code: number | undefined): Look {
  if (code === 0) return { verdict: 'up', result: 'exit code 0' };
  if (code === NO_CHECK_CODE) return { verdict: 'unknown', result: 'there is nothing to check' };
  if (code === TIMED_OUT_CODE) return { verdict: 'down', result: 'not done within 20 seconds' };
  return {
    verdict: 'down',
    result: code === undefined ? 'ended by a signal' : `exit code ${code}`,
  };
}
