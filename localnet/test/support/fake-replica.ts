import { Principal } from '@dfinity/principal';
import type { CanisterView, Replica } from '../../src/core/replica-api.ts';
import type { IngressStatus, MessageId } from '../../src/core/types.ts';

/** A replica that holds what a test puts in, for tests of what only reads a replica. */
export class FakeReplica {
  readonly subnetId = Principal.fromUint8Array(Uint8Array.of(1, 2, 3));
  readonly rootKey = new Uint8Array();
  nowNs = 1_700_000_000_000_000_000n;
  #version = 0n;
  readonly #canisters = new Map<string, CanisterView>();
  readonly #requests = new Map<
    MessageId,
    { readonly status: IngressStatus; readonly sender: Principal; readonly canisterId: Principal }
  >();

  /** As the interface that readers take; everything else throws. */
  asReplica(): Replica {
    const known: Partial<Replica> = {
      subnetId: this.subnetId,
      rootKey: this.rootKey,
      timeNs: () => this.nowNs,
      stateVersion: () => this.#version,
      canister: (id) => this.#canisters.get(id.toText()),
      canisterIds: () => [...this.#canisters.values()].map(({ id }) => id),
      ingressStatus: (id) => this.#requests.get(id)?.status ?? { kind: 'unknown' },
      ingressOrigin: (id) => this.#requests.get(id),
    };
    return new Proxy(known as Replica, {
      get: (target, name): unknown => {
        if (Object.hasOwn(target, name)) return Reflect.get(target, name);
        throw new Error(`BUG: the fake replica has no ${String(name)}`);
      },
    });
  }

  setCanister(id: Principal, view: Partial<CanisterView>): void {
    this.#version += 1n;
    this.#canisters.set(id.toText(), {
      id,
      controllers: [],
      status: 'running',
      moduleHash: undefined,
      certifiedData: new Uint8Array(),
      metadata: [],
      cycles: 0n,
      stableMemory: () => new Uint8Array(),
      ...view,
    });
  }

  deleteCanister(id: Principal): void {
    this.#version += 1n;
    this.#canisters.delete(id.toText());
  }

  setRequest(
    id: MessageId,
    status: IngressStatus,
    origin: { readonly sender: Principal; readonly canisterId: Principal },
  ): void {
    this.#version += 1n;
    this.#requests.set(id, { status, ...origin });
  }

  forgetRequest(id: MessageId): void {
    this.#version += 1n;
    this.#requests.delete(id);
  }
}
