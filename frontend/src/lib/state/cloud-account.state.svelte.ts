import { Principal } from '@dfinity/principal';
import { readAgent } from '../api/agent.api.ts';
import {
  listAccountJobs,
  listStrays,
  readCloudAccount,
  type SealedFor,
} from '../api/cloud-account.api.ts';
import type { Rental } from '../api/wire.ts';
import { isWorking } from '../services/cloud-account.service.ts';
import { sealTo } from '../services/seal.service.ts';
import { app } from './app.state.svelte.ts';
import { Live } from './live.state.svelte.ts';
import { PagedList } from './paged-list.state.svelte.ts';
import { Resource } from './resource.state.svelte.ts';

const SLOW_MS = 15_000;

/** One cloud account: whether its token is taken, what is done with it, and servers that nobody rents. */
export class CloudAccountPage {
  readonly account: Resource<Rental.CloudAccount>;
  readonly jobs: PagedList<Rental.Job, bigint>;
  readonly strays: PagedList<Rental.Stray, bigint>;
  /** Quick while something is being done. */
  readonly live: Live;
  #before = '';

  constructor(id: bigint) {
    this.account = new Resource(() => readCloudAccount(app.actors, id), {
      what: 'The cloud account could not be read.',
    });
    this.jobs = new PagedList(
      async (from) => {
        const { rows, next } = await listAccountJobs(app.actors, { id, from });
        return { rows, next: next[0] };
      },
      { what: 'The jobs of this account could not be read.' },
    );
    this.strays = new PagedList(
      async (from) => {
        const { rows, next } = await listStrays(app.actors, { id, from });
        return { rows, next: next[0] };
      },
      { what: 'Servers without a rental could not be read.' },
    );
    this.live = new Live({ read: () => this.#read(), slowMs: SLOW_MS });
  }

  async #read(): Promise<boolean> {
    await Promise.all([this.account.load(), this.#reloadJobs()]);
    const trouble = this.account.trouble ?? this.jobs.trouble;
    if (trouble !== undefined) throw new Error(trouble.title);
    const { value } = this.account;
    const now = JSON.stringify([value?.updated_at_ns.toString(), value?.validity], (_key, part) =>
      typeof part === 'bigint' ? part.toString() : (part as unknown),
    );
    const isChanged = now !== this.#before || isWorking(this.jobs.rows);
    this.#before = now;
    return isChanged;
  }

  /** Pages that were asked for stay as they are: only the first is news. */
  async #reloadJobs(): Promise<void> {
    if (!this.jobs.isRead || this.jobs.rows.length <= FIRST_PAGE) await this.jobs.reload();
  }
}

const FIRST_PAGE = 20;

/**
 * Seals a cloud token in this browser, so that only that agent can open it: what leaves the browser is
 * what this gives. Throws if the agent has not said yet what to seal to.
 */
export async function sealToken(asked: {
  readonly agent: string;
  readonly token: string;
}): Promise<SealedFor> {
  const agent = Principal.fromText(asked.agent);
  const status = await readAgent(app.actors, agent);
  if (status === undefined) {
    throw new Error(
      'The bridge has not reported yet, so nothing can be sealed to it. Start it first.',
    );
  }
  const plain = new TextEncoder().encode(asked.token.trim());
  const sealed = await sealTo(status.age_recipient, plain);
  plain.fill(0);
  return { agent, sealed };
}
