import type { CloudProvider } from '../ports/cloud.port.ts';
import type { HeldLease } from '../workers/held-lease.ts';

/**
 * The provider for one job: whatever changes something is refused with a `LeaseLost` unless the lease is
 * ours at that moment.
 */
export function fencedCloud(cloud: CloudProvider, held: HeldLease): CloudProvider {
  return {
    validate: (signal) => cloud.validate(signal),
    catalogue: (signal) => cloud.catalogue(signal),
    findByName: (name, signal) => cloud.findByName(name, signal),
    get: (externalId, signal) => cloud.get(externalId, signal),
    peek: (externalId, maxAgeMs, signal) => cloud.peek(externalId, maxAgeMs, signal),
    listManaged: (installation, signal) => cloud.listManaged(installation, signal),
    usage: () => cloud.usage(),
    create: async (spec, accepted, signal) => {
      held.check();
      return cloud.create(spec, accepted, signal);
    },
    delete: async (externalId, signal) => {
      held.check();
      await cloud.delete(externalId, signal);
    },
    power: async (externalId, action, signal) => {
      held.check();
      await cloud.power(externalId, action, signal);
    },
  };
}
