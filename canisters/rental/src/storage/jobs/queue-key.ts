import type { Principal } from '@dfinity/principal';
import { InvariantError } from '@decent-cloud/domain/assert.ts';
import { idKey, uint8 } from '@decent-cloud/kit/keys/integer-keys.ts';
import type { KeyPart } from '@decent-cloud/kit/keys/key-codec.ts';
import { principal } from '@decent-cloud/kit/keys/principal-key.ts';
import type { RentalId } from '@decent-cloud/domain/ids.ts';
import type { CloudAccountId } from '../../core/ids.ts';
import type { QueueClass } from '../../core/jobs/job-kinds.ts';

/** The queues of jobs. */
export type JobQueue =
  /** What an agent may claim. */
  | { readonly kind: 'ready'; readonly agent: Principal; readonly class: QueueClass }
  /** What waits for a place of its account. */
  | { readonly kind: 'waiting'; readonly account: CloudAccountId; readonly class: QueueClass }
  /** What is over, the oldest first: rows of it are forgotten when there are many. */
  | { readonly kind: 'over-of-rental'; readonly rental: RentalId }
  | { readonly kind: 'over-of-account'; readonly account: CloudAccountId };

/** Part of the stored form: append, never reorder. */
const KINDS = ['ready', 'waiting', 'over-of-rental', 'over-of-account'] as const;

const rental = idKey<RentalId>();
const account = idKey<CloudAccountId>();

/** How a queue is named in keys. */
export const jobQueueKey: KeyPart<JobQueue> = {
  write(writer, queue) {
    uint8.write(writer, KINDS.indexOf(queue.kind));
    switch (queue.kind) {
      case 'ready':
        uint8.write(writer, queue.class);
        principal.write(writer, queue.agent);
        break;
      case 'waiting':
        uint8.write(writer, queue.class);
        account.write(writer, queue.account);
        break;
      case 'over-of-rental':
        rental.write(writer, queue.rental);
        break;
      case 'over-of-account':
        account.write(writer, queue.account);
        break;
    }
  },
  read(): never {
    throw new InvariantError('BUG: queues are found by their names, never listed');
  },
};
