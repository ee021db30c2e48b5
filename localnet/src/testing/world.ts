import { Principal } from '@dfinity/principal';
import type { NativeProgram } from '../core/native.ts';
import type { Replica, ReplicaLimits } from '../core/replica-api.ts';
import type { Reject } from '../core/types.ts';
import type { WireInstallMode } from '../mgmt/wire/lifecycle.ts';
import {
  canisterIdArg,
  createArg,
  installArg,
  keepCompiled,
  readCreated,
  upgradeMode,
} from './management-calls.ts';
import type { PendingCall } from './pending-call.ts';
import type { WorldSnapshot } from './replica-world.ts';
import { WorldCalls } from './world-calls.ts';

const MANAGEMENT = Principal.managementCanister();
const CYCLES = 10n ** 18n;
const NOTHING = (): void => undefined;

/** Who creates canisters unless a test says otherwise. */
export const OPERATOR = Principal.selfAuthenticating(new TextEncoder().encode('operator'));

export interface CodeInstall {
  readonly canisterId: Principal;
  readonly wasm: Uint8Array;
  readonly arg?: Uint8Array;
  /** The canister's first controller if left out. */
  readonly controller?: Principal;
}

export type CodeUpgrade = CodeInstall & { readonly skipPreUpgrade?: boolean };

/** What came of an install or upgrade: a reject leaves the canister as it was. */
export type CodeOutcome = { readonly kind: 'ok' } | Reject;

/** A replica that a test drives, with its canisters: see `openWorld`. */
export class World extends WorldCalls {
  readonly #modules: Set<Uint8Array>;
  readonly #seed: number;
  readonly #limits: Partial<ReplicaLimits>;

  constructor(parts: {
    readonly replica: Replica;
    readonly nextMessage: number;
    readonly seed: number;
    readonly limits: Partial<ReplicaLimits>;
    readonly modules?: readonly Uint8Array[];
  }) {
    super(parts.replica, parts.nextMessage);
    this.#seed = parts.seed;
    this.#limits = parts.limits;
    this.#modules = new Set(parts.modules);
  }

  /** An empty canister. Throws `RejectedError` if the id is taken. */
  createCanister(
    options: {
      readonly id?: Principal;
      readonly controllers?: readonly Principal[];
      readonly cycles?: bigint;
    } = {},
  ): Principal {
    const { id, controllers = [OPERATOR], cycles = CYCLES } = options;
    const method = 'provisional_create_canister_with_cycles';
    const call = { canisterId: MANAGEMENT, method, arg: createArg({ id, controllers, cycles }) };
    return this.complete(this.submit(OPERATOR, call, readCreated));
  }

  /** Installs code, into a new canister unless one is named. Throws `RejectedError`. */
  install(code: Omit<CodeInstall, 'canisterId'> & { readonly canisterId?: Principal }): Principal {
    const { canisterId = this.createCanister(controlledBy(code.controller)) } = code;
    this.complete(this.#submitCode({ ...code, canisterId }, { install: null }));
    this.#keep(code.wasm);
    return canisterId;
  }

  reinstall(code: CodeInstall): CodeOutcome {
    return this.#finishCode(code, this.#submitCode(code, { reinstall: null }));
  }

  /** Runs until the upgrade has happened; with other calls under way, see `submitUpgrade`. */
  upgrade(code: CodeUpgrade): CodeOutcome {
    return this.#finishCode(code, this.submitUpgrade(code));
  }

  /** Queues the upgrade behind the messages that wait now. */
  submitUpgrade(code: CodeUpgrade): PendingCall<void> {
    return this.#submitCode(code, upgradeMode(code.skipPreUpgrade ?? false));
  }

  #submitCode(code: CodeInstall, mode: WireInstallMode): PendingCall<void> {
    const { canisterId, wasm, arg } = code;
    const bytes = installArg({ canisterId, wasm, arg, mode });
    const call = { canisterId: MANAGEMENT, method: 'install_code', arg: bytes };
    return this.submit(code.controller ?? this.#controllerOf(canisterId), call, NOTHING);
  }

  #finishCode(code: CodeInstall, pending: PendingCall<void>): CodeOutcome {
    const response = this.settle(pending);
    if (response.kind === 'reject') return response;
    this.#keep(code.wasm);
    return { kind: 'ok' };
  }

  #keep(wasm: Uint8Array): void {
    keepCompiled(wasm);
    this.#modules.add(wasm);
  }

  /** Queues a stop. It stays pending while calls of the canister are open; run rounds. */
  stop(canisterId: Principal): PendingCall<void> {
    return this.#submitLifecycle('stop_canister', canisterId);
  }

  /** Starts a canister; a pending stop is rejected. Throws `RejectedError`. */
  start(canisterId: Principal): void {
    this.complete(this.#submitLifecycle('start_canister', canisterId));
  }

  #submitLifecycle(method: string, canisterId: Principal): PendingCall<void> {
    const call = { canisterId: MANAGEMENT, method, arg: canisterIdArg(canisterId) };
    return this.submit(this.#controllerOf(canisterId), call, NOTHING);
  }

  #controllerOf(canisterId: Principal): Principal {
    return this.replica.canister(canisterId)?.controllers[0] ?? OPERATOR;
  }

  /** Places a TypeScript canister, which may also be done between rounds. */
  installNative(id: Principal, program: NativeProgram, cycles: bigint = CYCLES): void {
    this.replica.installNative(id, program, cycles);
  }

  /** Everything, to restore any number of times. Throws while calls are open. */
  snapshot(): WorldSnapshot {
    return {
      state: this.replica.snapshot(),
      nextMessage: this.nextMessage,
      seed: this.#seed,
      limits: this.#limits,
      modules: [...this.#modules],
    };
  }
}

function controlledBy(controller: Principal | undefined) {
  return controller === undefined ? {} : { controllers: [controller] };
}
