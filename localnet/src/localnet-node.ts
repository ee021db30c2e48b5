import type { Hono } from 'hono';
import { createReplica } from './core/create-replica.ts';
import type { Replica, ReplicaLimits, ReplicaOptions } from './core/replica-api.ts';
import { LiveHost } from './host/live-host.ts';
import { Certifier } from './http/certifier.ts';
import { createIcApi } from './http/create-api.ts';
import { createSubnetKeys, type SubnetKeys } from './http/subnet-keys.ts';

const NS_PER_MS = 1_000_000n;

export interface NodeOptions {
  /** Decides keys, ids and randomness: the same seed and inputs give the same network. */
  readonly seed: Uint8Array;
  /** Where the replica's time starts; the wall clock's if left out. */
  readonly timeNs?: bigint;
  /** The clock that drives time while the host runs. */
  readonly nowNs?: () => bigint;
  readonly limits?: Partial<ReplicaLimits>;
  /** How long a synchronous call waits before the client has to poll. */
  readonly syncCallTimeoutMs?: number;
  /** Makes the replica; replaced to restore one instead. */
  readonly makeReplica?: (options: ReplicaOptions) => Replica;
}

/** A replica with all that an adapter needs around it. */
export interface LocalnetNode {
  readonly keys: SubnetKeys;
  readonly replica: Replica;
  /** Stopped: `host.start()` lets it run by the clock, `host.tick(atNs)` runs one round. */
  readonly host: LiveHost;
  readonly certifier: Certifier;
  /** The IC's HTTP API; open a port for it with `serve`. */
  readonly api: Hono;
}

/** Puts a network of one subnet together: keys, replica, certificates, clock and HTTP API. */
export function createNode(options: NodeOptions): LocalnetNode {
  const keys = createSubnetKeys(options.seed);
  const nowNs = options.nowNs ?? (() => BigInt(Date.now()) * NS_PER_MS);
  const makeReplica = options.makeReplica ?? createReplica;
  const replica = makeReplica({
    seed: options.seed,
    timeNs: options.timeNs ?? nowNs(),
    subnetId: keys.subnetId,
    rootKey: keys.rootKeyDer,
    // Queries, which alone get certificates, run only once everything here is put together.
    dataCertificate: (_, canisterId) => certifier.dataCertificate(canisterId),
    ...(options.limits && { limits: options.limits }),
  });
  const certifier = new Certifier({ replica, keys });
  const host = new LiveHost({ replica, nowNs });
  const api = createIcApi({
    host,
    certifier,
    keys,
    ...(options.limits?.ingressBytes !== undefined && {
      ingressBytes: options.limits.ingressBytes,
    }),
    ...(options.syncCallTimeoutMs !== undefined && {
      syncCallTimeoutMs: options.syncCallTimeoutMs,
    }),
  });
  return { keys, replica, host, certifier, api };
}
