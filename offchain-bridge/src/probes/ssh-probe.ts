import { verifyHost, type HostTarget } from '../ssh/open-client.ts';
import { timed, type Probe, type ProbeDeps } from './probe.ts';

/**
 * Whether SSH answers and proves that it has the machine's host key; nobody logs in. Another key says
 * nothing about the machine: the renter may have replaced it. Rejects with the signal's reason only.
 */
export function probeSsh(target: HostTarget, deps: ProbeDeps, signal: AbortSignal): Promise<Probe> {
  return timed(deps, `SSH ${target.port.toString()}`, async () => {
    const timeouts = { tcpMs: deps.timeoutMs, readyMs: deps.timeoutMs };
    const outcome = await verifyHost(target, timeouts, signal);
    switch (outcome.kind) {
      case 'verified':
        return { verdict: 'up', result: 'answers with the host key of the machine' };
      case 'wrong-host-key':
        return { verdict: 'unknown', result: `answers with another host key: ${outcome.seen}` };
      case 'unreachable':
        return { verdict: outcome.isOwnFault ? 'unknown' : 'down', result: outcome.reason };
      case 'refused':
        return { verdict: 'down', result: 'refuses to talk' };
    }
  });
}
