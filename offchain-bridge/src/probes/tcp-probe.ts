import { connectTcp, type TcpTarget } from '../ssh/connect-tcp.ts';
import { timed, type Probe, type ProbeDeps } from './probe.ts';

/** Whether somebody listens. Rejects with the signal's reason only. */
export function probeTcp(target: TcpTarget, deps: ProbeDeps, signal: AbortSignal): Promise<Probe> {
  return timed(deps, `TCP ${target.port.toString()}`, async () => {
    const outcome = await connectTcp(target, deps.timeoutMs, signal);
    if (outcome.kind === 'failed') {
      return { verdict: outcome.isOwnFault ? 'unknown' : 'down', result: outcome.reason };
    }
    outcome.socket.destroy();
    return { verdict: 'up', result: 'open' };
  });
}
