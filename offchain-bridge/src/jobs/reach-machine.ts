import { WorkError } from '../core/work-error.ts';
import type { CloudServerStatus } from '../ports/cloud.port.ts';
import { limited, waitFor, type JobContext } from './job-context.ts';
import type { MachineRef, Reach } from '../ports/machine-work.port.ts';
import type { StandingServer } from './standing-server.ts';

const MS_PER_SECOND = 1_000;

/**
 * Waits until the machine answers SSH with its own host key. Tells that it boots, and that it answers.
 *
 * Errors: `transient` if it does not answer in time, `config` if somebody else does, `unknown` if the
 * cloud does not know it any more.
 */
export async function untilReached(
  context: JobContext,
  machine: MachineRef,
  server: StandingServer,
): Promise<void> {
  const { machines, clock, timing, signal, reporter } = context;
  const watch = new BootWatch(context, server);
  const startedAtMs = clock.monotonicMs();
  const limitMs = limited(context, timing.sshLimitMs);
  let strangeSinceMs: number | undefined;
  for (;;) {
    const reach = await machines.reach(machine, signal);
    if (reach.kind === 'reached') break;
    const nowMs = clock.monotonicMs();
    strangeSinceMs = reach.kind === 'not-yet' ? undefined : (strangeSinceMs ?? nowMs);
    if (strangeSinceMs !== undefined && nowMs - strangeSinceMs >= timing.strangeLimitMs) {
      throw new WorkError('config', strangeWords(reach));
    }
    if (nowMs - startedAtMs >= limitMs) throw tooLate(limitMs, reach);
    await watch.look();
    await waitFor(context, timing.sshTryMs);
  }
  watch.tellBooting();
  reporter.tell({ kind: 'step', step: 'ssh-reachable', index: 0, of: 0, note: '' });
}

/** Looks at the cloud now and then while SSH is waited for. */
class BootWatch {
  readonly #context: JobContext;
  readonly #externalId: string;
  #lookedAtMs: number;
  #last: CloudServerStatus;
  #isBootingTold = false;

  constructor(context: JobContext, { externalId, status }: StandingServer) {
    this.#context = context;
    this.#externalId = externalId;
    this.#last = status;
    this.#lookedAtMs = context.clock.monotonicMs();
  }

  async look(): Promise<void> {
    const { cloud, clock, timing, signal, leaseSignal } = this.#context;
    if (clock.monotonicMs() - this.#lookedAtMs < timing.bootPeekMs) return;
    const server = await cloud.peek(this.#externalId, timing.bootPeekMs, signal);
    this.#lookedAtMs = clock.monotonicMs();
    if (server === undefined) {
      throw new WorkError('unknown', 'The cloud does not know the new machine any more.');
    }
    if (server.status === 'running') this.tellBooting();
    // Once may be the moment between being made and being started.
    if (server.status === 'off' && this.#last === 'off') {
      await cloud.power(this.#externalId, 'on', leaseSignal);
    }
    this.#last = server.status;
  }

  tellBooting(): void {
    if (this.#isBootingTold) return;
    this.#isBootingTold = true;
    this.#context.reporter.tell({ kind: 'step', step: 'booting', index: 0, of: 0, note: '' });
  }
}

function tooLate(limitMs: number, reach: Reach): WorkError {
  const reason = reach.kind === 'not-yet' ? reach.reason : strangeWords(reach);
  const seconds = Math.round(limitMs / MS_PER_SECOND);
  return new WorkError(
    'transient',
    `The machine did not answer SSH within ${seconds} seconds: ${reason}`,
  );
}

function strangeWords(reach: Reach): string {
  return reach.kind === 'wrong-host-key'
    ? `Another machine answers at the address, with the host key ${reach.seen}. Nothing was told to it.`
    : "The machine refuses the bridge's key.";
}
