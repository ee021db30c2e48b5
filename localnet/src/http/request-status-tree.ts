import { hexToBytes } from '@noble/hashes/utils.js';
import type { Replica } from '../core/replica-api.ts';
import { errorCodeText, type IngressStatus, type MessageId } from '../core/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import { EMPTY, leaf } from '../crypto/hash-tree.ts';
import {
  forestOf,
  withLabel,
  withoutLabel,
  type Forest,
  type FullTree,
} from '../crypto/label-forest.ts';
import { encodeUleb128 } from '../crypto/leb128.ts';

/** How often ended requests are looked at again, to drop those that the replica has forgotten. */
const SWEEP_INTERVAL_NS = 60_000_000_000n;

type KnownStatus = Exclude<IngressStatus, { readonly kind: 'unknown' }>;

/**
 * The subtree `/request_status` with every request that somebody asked about. Requests nobody asks
 * for cost nothing; asking once is enough to see every later change.
 *
 * Source: IC interface spec, "Request status".
 */
export class RequestStatusTree {
  readonly #replica: Replica;
  readonly #open = new Map<MessageId, KnownStatus['kind'] | undefined>();
  readonly #ended = new Set<MessageId>();
  #forest: Forest = EMPTY;
  #sweptAtNs = 0n;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** Includes a request from the next `sync` on. False if it is included already or not known. */
  track(id: MessageId): boolean {
    if (this.#open.has(id) || this.#ended.has(id)) return false;
    if (this.#replica.ingressStatus(id).kind === 'unknown') return false;
    this.#open.set(id, undefined);
    return true;
  }

  sync(): Forest {
    for (const [id, kind] of [...this.#open]) this.#refresh(id, kind);
    const nowNs = this.#replica.timeNs();
    if (nowNs >= this.#sweptAtNs + SWEEP_INTERVAL_NS) {
      this.#sweptAtNs = nowNs;
      for (const id of [...this.#ended]) this.#refresh(id, undefined);
    }
    return this.#forest;
  }

  #refresh(id: MessageId, shownKind: KnownStatus['kind'] | undefined): void {
    const status = this.#replica.ingressStatus(id);
    if (status.kind === shownKind) return;
    const label = hexToBytes(id);
    this.#open.delete(id);
    this.#ended.delete(id);
    if (status.kind === 'unknown') {
      this.#forest = withoutLabel(this.#forest, label);
      return;
    }
    if (isEnded(status)) this.#ended.add(id);
    else this.#open.set(id, status.kind);
    this.#forest = withLabel(this.#forest, label, statusSubtree(status));
  }
}

/** True for a status that no execution changes any more. */
export function isEnded(status: IngressStatus): boolean {
  return status.kind === 'replied' || status.kind === 'rejected' || status.kind === 'done';
}

function statusSubtree(status: KnownStatus): Forest {
  const entries: [Uint8Array, FullTree][] = [[utf8('status'), leaf(utf8(status.kind))]];
  if (status.kind === 'replied') entries.push([utf8('reply'), leaf(status.data)]);
  if (status.kind === 'rejected') {
    const { code, message, errorCode } = status.reject;
    entries.push([utf8('reject_code'), leaf(encodeUleb128(BigInt(code)))]);
    entries.push([utf8('reject_message'), leaf(utf8(message))]);
    entries.push([utf8('error_code'), leaf(utf8(errorCodeText(errorCode)))]);
  }
  return forestOf(entries);
}
