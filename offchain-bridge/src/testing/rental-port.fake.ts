import type { CloudAccountId } from '../core/ids.ts';
import type { JobEngineDeps } from '../workers/job-engine.ts';
import type { RentalPort } from '../ports/rental.port.ts';
import type { FakeRental } from './fake-rental.fake.ts';

/** What job engines use of the canister. */
export type EnginePort = JobEngineDeps['rental'];

/** The port over a market in this process: every call is answered at once. */
export function portOf(
  market: FakeRental,
  published: (id: CloudAccountId) => void = () => undefined,
): EnginePort {
  const port: Pick<RentalPort, keyof EnginePort> = {
    claimJobs: async ({ worker, max }) => Promise.resolve(market.claim(worker, max)),
    getJob: async (lease) => Promise.resolve(market.work(lease)),
    renewLeases: async (leases) =>
      Promise.resolve(
        leases.map((lease) => ({ jobId: lease.jobId, leaseUntilMs: market.renew(lease) })),
      ),
    reportStep: async ({ jobId, epoch, seq, events }) =>
      Promise.resolve(market.report({ jobId, epoch }, seq, events)),
    releaseJob: async (lease) => {
      market.release(lease);
      await Promise.resolve();
    },
    publishCatalogue: async (id) => {
      published(id);
      await Promise.resolve();
    },
    clockOffsetMs: () => 0,
  };
  return port;
}
