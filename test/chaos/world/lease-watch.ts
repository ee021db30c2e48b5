import type { Principal } from '@dfinity/principal';
import type { Replica } from '@decent-cloud/localnet/core/replica-api.ts';
import type { MessageId } from '@decent-cloud/localnet/core/types.ts';
import type { Claim, LeaseSign, Question } from '../judge/evidence.ts';
import { decodeAnswer, decodeArg, isJobMethod, type JobMethod } from './canister-methods.ts';

interface Asked {
  readonly id: MessageId;
  readonly method: JobMethod;
  readonly arg: Uint8Array;
}

/**
 * Sees every claim of a job and every end of a lease that the canister granted, whether or not the answer
 * reached anybody: it looks into the network, not at what bridges say.
 */
export class LeaseWatch {
  readonly #replica: Replica;
  readonly #rental: Principal;
  readonly #open = new Map<MessageId, Asked>();
  readonly #claims: Claim[] = [];
  readonly #questions: Question[] = [];
  readonly #signs: LeaseSign[] = [];
  readonly #ends: LeaseSign[] = [];

  constructor(replica: Replica, rental: Principal) {
    this.#replica = replica;
    this.#rental = rental;
    replica.onInput((input) => {
      if (input.kind !== 'ingress') return;
      const { id, canisterId, method, arg } = input.message;
      if (canisterId.compareTo(rental) !== 'eq' || !isJobMethod(method)) return;
      this.#open.set(id, { id, method, arg });
    });
    replica.onEvent((event) => {
      if (event.kind !== 'executed' || event.canisterId.compareTo(this.#rental) !== 'eq') return;
      if (this.#open.size === 0) return;
      // The answer is there once the round is over.
      const atNs = replica.timeNs();
      setImmediate(() => this.#settle(atNs));
    });
  }

  get claims(): readonly Claim[] {
    return this.#claims;
  }

  get questions(): readonly Question[] {
    return this.#questions;
  }

  /** Extensions. */
  get signs(): readonly LeaseSign[] {
    return this.#signs;
  }

  get ends(): readonly LeaseSign[] {
    return this.#ends;
  }

  #settle(atNs: bigint): void {
    for (const asked of this.#open.values()) {
      const status = this.#replica.ingressStatus(asked.id);
      if (status.kind === 'rejected' || status.kind === 'done') this.#open.delete(asked.id);
      if (status.kind !== 'replied') continue;
      this.#open.delete(asked.id);
      this.#note(asked, status.data, atNs);
    }
  }

  #note({ method, arg }: Asked, reply: Uint8Array, atNs: bigint): void {
    switch (method) {
      case 'claim_jobs': {
        const answer = decodeAnswer(method, reply);
        if (!('Ok' in answer)) return;
        const { worker, max } = decodeArg(method, arg);
        this.#questions.push({ atNs, hadRoom: answer.Ok.length < max });
        for (const { job_id, epoch } of answer.Ok) {
          this.#claims.push({ jobId: Number(job_id), epoch, worker, atNs });
        }
        return;
      }
      case 'report_step': {
        const report = decodeArg(method, arg);
        const answer = decodeAnswer(method, reply);
        if (!('Ok' in answer)) return;
        const isEnd = answer.Ok.lease_until_ns.length === 0;
        (isEnd ? this.#ends : this.#signs).push(signOf(report, atNs));
        return;
      }
      case 'renew_leases': {
        const answer = decodeAnswer(method, reply);
        if (!('Ok' in answer)) return;
        const kept = new Set(
          answer.Ok.filter((row) => row.lease_until_ns.length > 0).map(({ job_id }) => job_id),
        );
        const extended = decodeArg(method, arg).filter(({ job_id }) => kept.has(job_id));
        this.#signs.push(...extended.map((lease) => signOf(lease, atNs)));
        return;
      }
      case 'release_job':
        if ('Ok' in decodeAnswer(method, reply)) {
          this.#ends.push(signOf(decodeArg(method, arg), atNs));
        }
    }
  }
}

function signOf(
  { job_id, epoch }: { readonly job_id: bigint; readonly epoch: number },
  atNs: bigint,
): LeaseSign {
  return { jobId: Number(job_id), epoch, atNs };
}
