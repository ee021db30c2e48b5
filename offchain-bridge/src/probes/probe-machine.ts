import type { ConnectionCard, HealthCheck } from '../core/job-work.ts';
import type { RentalRef } from '../core/server-name.ts';
import { Door, type DoorDeps } from '../machine/door.ts';
import { probeCommand } from './command-probe.ts';
import { probeHttp } from './http-probe.ts';
import type { Probe, ProbeDeps, Verdict } from './probe.ts';
import { isPublicIpv4 } from './public-address.ts';
import { probeSsh } from './ssh-probe.ts';
import { probeTcp } from './tcp-probe.ts';

/** A machine that is measured. */
export interface ProbeTarget extends RentalRef {
  readonly card: Pick<ConnectionCard, 'ipv4' | 'sshPort' | 'hostKey'>;
  /** Undefined for a bare machine: SSH is enough. */
  readonly health: HealthCheck | undefined;
}

export interface MachineProbeDeps extends ProbeDeps {
  /** Health commands go through the door. */
  readonly door: Omit<DoorDeps, 'sshPort'>;
  /** Any where the clouds are on this computer; else public ones only. */
  readonly addresses: 'public' | 'any';
}

/** One look at a machine from all sides. */
export interface MachineLook {
  readonly verdict: Verdict;
  /** One or two. */
  readonly checks: readonly Probe[];
}

/**
 * Looks at SSH and at what the recipe calls healthy, at once, and once more if it does not find it up: one
 * lost packet is no outage. What the recipe says counts; where it says nothing, or cannot be asked, SSH
 * does. Ends within twice the time limit, but for a health command that takes longer. Rejects with the
 * signal's reason only.
 */
export async function probeMachine(
  target: ProbeTarget,
  deps: MachineProbeDeps,
  signal: AbortSignal,
): Promise<MachineLook> {
  const { addresses, clock, timeoutMs } = deps;
  if (addresses === 'public' && !isPublicIpv4(target.card.ipv4)) {
    return { verdict: 'unknown', checks: [notLookedAt(deps)] };
  }
  const startedAtMs = clock.monotonicMs();
  const first = await look(target, deps, signal);
  const isSlow = clock.monotonicMs() - startedAtMs > timeoutMs * 2;
  return first.verdict === 'up' || isSlow ? first : look(target, deps, signal);
}

async function look(
  target: ProbeTarget,
  deps: MachineProbeDeps,
  signal: AbortSignal,
): Promise<MachineLook> {
  const { card } = target;
  const host = { host: card.ipv4, port: card.sshPort, hostKey: card.hostKey };
  const [ssh, health] = await Promise.all([
    probeSsh(host, deps, signal),
    probeHealth(target, deps, signal),
  ]);
  if (health === undefined) return { verdict: ssh.verdict, checks: [ssh] };
  const verdict = health.verdict === 'unknown' ? ssh.verdict : health.verdict;
  return { verdict, checks: [health, ssh] };
}

function probeHealth(
  { rentalId, installation, card, health }: ProbeTarget,
  deps: MachineProbeDeps,
  signal: AbortSignal,
): Promise<Probe> | undefined {
  switch (health?.kind) {
    case undefined:
      return undefined;
    case 'http':
      return probeHttp(card.ipv4, health, deps, signal);
    case 'tcp':
      return probeTcp({ host: card.ipv4, port: health.port }, deps, signal);
    case 'command': {
      const machine = { rentalId, installation, ipv4: card.ipv4 };
      const door = new Door({ ...deps.door, sshPort: card.sshPort }, machine);
      return probeCommand(door, deps, signal);
    }
  }
}

function notLookedAt({ from }: ProbeDeps): Probe {
  return {
    what: `the machine from ${from}`,
    result: 'not looked at: its address is not one of the public network',
    latencyMs: 0,
    verdict: 'unknown',
  };
}
