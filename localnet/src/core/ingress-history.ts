import type { Principal } from '@dfinity/principal';
import { INGRESS_RETENTION_NS } from './limits.ts';
import type { IngressMessage, IngressStatus, MessageId, Response } from './types.ts';

interface Entry {
  readonly sender: Principal;
  readonly canisterId: Principal;
  status: IngressStatus;
  forgetAtNs: bigint;
}

/** Status of every ingress message until it can no longer be replayed. */
export class IngressHistory {
  readonly #entries = new Map<MessageId, Entry>();

  has(id: MessageId): boolean {
    return this.#entries.has(id);
  }

  get size(): number {
    return this.#entries.size;
  }

  receive(message: IngressMessage): void {
    this.#entries.set(message.id, {
      sender: message.sender,
      canisterId: message.canisterId,
      status: { kind: 'received' },
      forgetAtNs: message.expiryNs + INGRESS_RETENTION_NS,
    });
  }

  markProcessing(id: MessageId): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.status = { kind: 'processing' };
  }

  finish(id: MessageId, response: Response, atNs: bigint): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.status =
      response.kind === 'reply'
        ? { kind: 'replied', data: response.data }
        : { kind: 'rejected', reject: response };
    // A slow message must stay readable after it ends, however long it took.
    const readableUntilNs = atNs + INGRESS_RETENTION_NS;
    if (readableUntilNs > entry.forgetAtNs) entry.forgetAtNs = readableUntilNs;
  }

  status(id: MessageId): IngressStatus {
    return this.#entries.get(id)?.status ?? { kind: 'unknown' };
  }

  origin(id: MessageId): { sender: Principal; canisterId: Principal } | undefined {
    return this.#entries.get(id);
  }

  /** Drops finished messages whose window is over. Oldest are first, so it stops early. */
  purge(nowNs: bigint): void {
    for (const [id, entry] of this.#entries) {
      if (entry.forgetAtNs > nowNs) return;
      if (entry.status.kind === 'replied' || entry.status.kind === 'rejected') {
        this.#entries.delete(id);
      }
    }
  }

  *entries(): Generator<readonly [MessageId, Readonly<Entry>]> {
    yield* this.#entries;
  }

  restore(id: MessageId, entry: Readonly<Entry>): void {
    this.#entries.set(id, { ...entry });
  }
}
