import type { Principal } from '@dfinity/principal';
import { createManagement } from '../mgmt/management.ts';
import { Kernel } from './kernel.ts';
import { IC_LIMITS } from './limits.ts';
import { LocalReplica } from './local-replica.ts';
import type { Replica, ReplicaOptions } from './replica-api.ts';
import { decodeState, type ProgramFactory } from './state-image.ts';

/** A fresh replica without canisters. */
export function createReplica(options: ReplicaOptions): Replica {
  return build(options).replica;
}

/** A replica with the state `snapshot()` gave; `programs` makes the native canisters in it. */
export function restoreReplica(
  options: ReplicaOptions,
  snapshot: Uint8Array,
  programs: ProgramFactory,
): Replica {
  const { replica, kernel } = build(options);
  decodeState(kernel, snapshot, programs);
  return replica;
}

function build(options: ReplicaOptions): { replica: Replica; kernel: Kernel } {
  const kernel: Kernel = new Kernel({
    seed: options.seed,
    timeNs: options.timeNs,
    subnetId: options.subnetId,
    rootKey: options.rootKey,
    limits: { ...IC_LIMITS, ...options.limits },
    management: createManagement(),
    ...(options.cutShort === undefined ? {} : { cutShort: options.cutShort }),
    dataCertificate: (canisterId: Principal) => {
      if (options.dataCertificate === undefined) throw new Error('BUG: no certifier configured');
      return options.dataCertificate(replica, canisterId);
    },
  });
  const replica: Replica = new LocalReplica(kernel);
  return { replica, kernel };
}
