import type { HealthCheck } from '../core/job-work.ts';
import { waitFor, type JobContext } from './job-context.ts';
import type { MachineRef } from '../ports/machine-work.port.ts';

export type GateOutcome =
  { readonly kind: 'passed' } | { readonly kind: 'late'; readonly reason: string };

const MS_PER_SECOND = 1_000;

/** Checks again and again until the service is healthy, or the time is over. */
export async function passGate(
  context: JobContext,
  asked: { readonly machine: MachineRef; readonly check: HealthCheck; readonly limitMs: number },
): Promise<GateOutcome> {
  const { machines, clock, timing, signal } = context;
  const { machine, check, limitMs } = asked;
  const startedAtMs = clock.monotonicMs();
  for (;;) {
    const { isHealthy, detail } = await machines.checkHealth(machine, check, signal);
    if (isHealthy) return { kind: 'passed' };
    if (clock.monotonicMs() - startedAtMs >= limitMs) {
      const seconds = Math.round(limitMs / MS_PER_SECOND);
      return { kind: 'late', reason: `It was not healthy within ${seconds} seconds: ${detail}` };
    }
    await waitFor(context, timing.gateTryMs);
  }
}
