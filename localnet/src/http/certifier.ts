import type { Principal } from '@dfinity/principal';
import type { Replica } from '../core/replica-api.ts';
import type { MessageId } from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import { encodeCertificate, stateRootMessage } from '../crypto/certificate.ts';
import type { FullTree } from '../crypto/label-forest.ts';
import type { Path } from '../crypto/tree-lookup.ts';
import { witness } from '../crypto/witness.ts';
import type { RequestId } from './request-content.ts';
import { StateTree } from './state-tree.ts';
import type { SubnetKeys } from './subnet-keys.ts';

/**
 * How long a certificate of an unchanged state is given out with its old time. The IC certifies
 * about once a second too; without this every query for certified data would cost a signature.
 */
const REUSE_NS = 1_000_000_000n;

const TIME_PATH: Path = [utf8('time')];

interface CertifiedState {
  readonly tree: FullTree;
  readonly timeNs: bigint;
  readonly signature: Uint8Array;
}

/**
 * Issues certificates of a replica's current state. One signature serves all certificates until
 * the state changes or a second has passed.
 */
export class Certifier {
  readonly #replica: Replica;
  readonly #keys: SubnetKeys;
  readonly #stateTree: StateTree;
  #certified: CertifiedState | undefined;

  constructor(options: { readonly replica: Replica; readonly keys: SubnetKeys }) {
    this.#replica = options.replica;
    this.#keys = options.keys;
    this.#stateTree = new StateTree({ replica: options.replica, identity: options.keys });
  }

  /** CBOR certificate that proves what the state says about `paths`, and `/time`. */
  certificate(paths: readonly Path[]): Uint8Array {
    const { tree, signature } = this.#currentState();
    return encodeCertificate({ tree: witness(tree, [...paths, TIME_PATH]), signature });
  }

  /** Certificate of a request's status. */
  requestCertificate(id: RequestId): Uint8Array {
    this.track(id.messageId);
    return this.certificate([[utf8('request_status'), id.bytes]]);
  }

  /** What a canister gets from `ic0.data_certificate` in a query. */
  dataCertificate(canisterId: Principal): Uint8Array {
    return this.certificate([
      [utf8('canister'), canisterId.toUint8Array(), utf8('certified_data')],
    ]);
  }

  /** Lets certificates show the status of a request, from now on. */
  track(id: MessageId): void {
    this.#stateTree.track(id);
  }

  #currentState(): CertifiedState {
    const timeNs = this.#replica.timeNs();
    const last = this.#certified;
    if (last && this.#stateTree.isCurrent() && timeNs - last.timeNs < REUSE_NS) return last;
    const tree = this.#stateTree.root();
    const signature = this.#keys.sign(stateRootMessage(tree.hash));
    this.#certified = { tree, timeNs, signature };
    return this.#certified;
  }
}
