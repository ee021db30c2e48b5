import { Principal } from '@dfinity/principal';
import { createReplica, restoreReplica } from '../core/create-replica.ts';
import type { NativeProgram } from '../core/native.ts';
import type { Replica, ReplicaLimits, ReplicaOptions } from '../core/replica-api.ts';
import type { ProgramFactory } from '../core/state-image.ts';
import { installSystemCanisters, type SystemCanisterOptions } from '../system/genesis.ts';
import { createIcrcLedger } from '../system/ledger/icrc/icrc-program.ts';
import { emptySystemProgram } from '../system/program-registry.ts';
import type { TokenGenesis } from '../system/tokens.ts';
import { keepCompiled } from './management-calls.ts';
import { World } from './world.ts';

const START_NS = 1_795_000_000_000_000_000n;
const LEDGER_CYCLES = 10n ** 15n;
const SUBNET_ID = Principal.selfAuthenticating(new Uint8Array(133));
const SEED_BYTES = 32;

export interface WorldOptions {
  /** Ledgers with exactly the initial balances named; nobody else has tokens. */
  readonly tokens?: readonly TokenGenesis[];
  /** Adds the ICP ledger, the cycles ledger and the CMC, with their faucet. */
  readonly system?: Omit<SystemCanisterOptions, 'tokens'>;
  /** Decides every random byte; 0 if left out. */
  readonly seed?: number;
  readonly timeNs?: bigint;
  /** With `roundMessages: 1` a round runs one message, so that a test can act between any two. */
  readonly limits?: Partial<ReplicaLimits>;
}

/** A world at rest as plain data; it can be sent to another thread. */
export interface WorldSnapshot {
  readonly state: Uint8Array;
  readonly nextMessage: number;
  readonly seed: number;
  readonly limits: Partial<ReplicaLimits>;
  /** Modules in use: kept compiled where the snapshot is restored. */
  readonly modules: readonly Uint8Array[];
}

export interface RestoreOptions {
  /** Other randomness from here on. */
  readonly seed?: number;
  readonly limits?: Partial<ReplicaLimits>;
  /** Makes chosen executions trap: see `ReplicaOptions`. */
  readonly cutShort?: ReplicaOptions['cutShort'];
  /** Empty programs for TypeScript canisters that localnet does not know itself. */
  readonly programs?: ProgramFactory;
}

/**
 * An Internet Computer in this process without HTTP, signatures and certificates: calls run
 * synchronously to their end, thousands of worlds are cheap, and the same options and calls give
 * the same results.
 */
export function openWorld(options: WorldOptions = {}): World {
  const { seed = 0, limits = {} } = options;
  const replica = createReplica(replicaOptions({ seed, limits, timeNs: options.timeNs }));
  if (options.system !== undefined) installSystemCanisters(replica, options.system);
  for (const token of options.tokens ?? []) installLedger(replica, token);
  const world = new World({ replica, nextMessage: 0, seed, limits });
  // The ledgers certify their first blocks in a round, which is no part of any test.
  world.runUntilIdle();
  return world;
}

/** A world that goes on where the snapshot was taken, independent of any other. */
export function restoreWorld(snapshot: WorldSnapshot, options: RestoreOptions = {}): World {
  const { seed = snapshot.seed, limits = snapshot.limits } = options;
  const { state, nextMessage, modules } = snapshot;
  for (const wasm of modules) keepCompiled(wasm);
  const programs: ProgramFactory = (id) => options.programs?.(id) ?? emptySystemProgram(id);
  const { cutShort } = options;
  const replica = restoreReplica(
    {
      ...replicaOptions({ seed, limits, timeNs: undefined }),
      ...(cutShort === undefined ? {} : { cutShort }),
    },
    state,
    programs,
  );
  return new World({ replica, nextMessage, seed, limits, modules });
}

/** The same principal for the same name, as of a user with a key. */
export function userPrincipal(name: string): Principal {
  return Principal.selfAuthenticating(new TextEncoder().encode(name));
}

function replicaOptions(options: {
  readonly seed: number;
  readonly limits: Partial<ReplicaLimits>;
  readonly timeNs: bigint | undefined;
}): ReplicaOptions {
  const seed = new Uint8Array(SEED_BYTES);
  new DataView(seed.buffer).setFloat64(0, options.seed);
  return {
    seed,
    timeNs: options.timeNs ?? START_NS,
    subnetId: SUBNET_ID,
    rootKey: new Uint8Array(133),
    // Nothing signs here: canisters that ask for their certificate get an empty one.
    dataCertificate: () => new Uint8Array(0),
    limits: options.limits,
  };
}

function installLedger(replica: Replica, token: TokenGenesis): void {
  const ledger: NativeProgram = createIcrcLedger({
    config: token.config,
    nowNs: replica.timeNs(),
    initialBalances: token.initialBalances ?? [],
  });
  replica.installNative(token.ledgerId, ledger, LEDGER_CYCLES);
}
