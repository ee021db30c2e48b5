import type { Replica } from '../core/replica-api.ts';
import type { MessageId } from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import { EMPTY, leaf } from '../crypto/hash-tree.ts';
import { forestOf, withLabel, type Forest } from '../crypto/label-forest.ts';
import { encodeUleb128 } from '../crypto/leb128.ts';
import { encodeCanisterRanges, FIRST_CANISTER_ID } from './canister-ranges.ts';
import { CanisterTree } from './canister-tree.ts';
import { RequestStatusTree } from './request-status-tree.ts';
import type { SubnetKeys } from './subnet-keys.ts';

/** The public part of a subnet's keys. */
export type SubnetIdentity = Pick<SubnetKeys, 'subnetId' | 'rootKeyDer' | 'nodeId' | 'nodeKey'>;

/**
 * The certified state of a replica as one hash tree, kept up to date at the cost of what changed.
 * Source: IC interface spec 0.66, "The system state tree".
 */
export class StateTree {
  readonly #replica: Replica;
  readonly #canisters: CanisterTree;
  readonly #requests: RequestStatusTree;
  #root: Forest;
  #version: bigint | undefined;

  constructor(options: { readonly replica: Replica; readonly identity: SubnetIdentity }) {
    this.#replica = options.replica;
    this.#canisters = new CanisterTree(options.replica);
    this.#requests = new RequestStatusTree(options.replica);
    this.#root = fixedPart(options.identity);
  }

  /** Makes a request's status part of the tree, if the replica knows the request. */
  track(id: MessageId): void {
    if (this.#requests.track(id)) this.#version = undefined;
  }

  /** True if the tree last returned shows the current state, its time apart. */
  isCurrent(): boolean {
    return this.#version === this.#replica.stateVersion();
  }

  /** The tree of the current state. */
  root(): Forest {
    if (!this.isCurrent()) {
      this.#version = this.#replica.stateVersion();
      this.#root = withLabel(this.#root, utf8('canister'), this.#canisters.sync());
      this.#root = withLabel(this.#root, utf8('request_status'), this.#requests.sync());
    }
    const time = leaf(encodeUleb128(this.#replica.timeNs()));
    this.#root = withLabel(this.#root, utf8('time'), time);
    return this.#root;
  }
}

function fixedPart(identity: SubnetIdentity): Forest {
  const subnetId = identity.subnetId.toUint8Array();
  const ranges = leaf(encodeCanisterRanges());
  const nodeKey = leaf(identity.nodeKey.publicKeyDer);
  const node = forestOf([
    [identity.nodeId.toUint8Array(), forestOf([[utf8('public_key'), nodeKey]])],
  ]);
  const subnet = forestOf([
    [utf8('canister_ranges'), ranges],
    [utf8('node'), node],
    [utf8('public_key'), leaf(identity.rootKeyDer)],
    [utf8('type'), leaf(utf8('application'))],
  ]);
  const shards = forestOf([[FIRST_CANISTER_ID.toUint8Array(), ranges]]);
  return forestOf([
    [utf8('api_boundary_nodes'), EMPTY],
    [utf8('canister_ranges'), forestOf([[subnetId, shards]])],
    [utf8('subnet'), forestOf([[subnetId, subnet]])],
  ]);
}
