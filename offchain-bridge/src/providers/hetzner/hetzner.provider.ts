import { managedLabels, type ServerLabels } from '../../core/server-labels.ts';
import { WorkError } from '../../core/work-error.ts';
import type { Clock } from '../../ports/clock.port.ts';
import type {
  CloudCatalogue,
  CloudProvider,
  CloudServer,
  CloudUsage,
  PowerOrder,
  ServerSpec,
  Validity,
} from '../../ports/cloud.port.ts';
import { RateLimiter } from '../rate-limiter.ts';
import { RecentTimes } from '../recent-times.ts';
import { SharedList } from '../shared-list.ts';
import { HetznerApi } from './hetzner-api.http.ts';
import { HetznerCalls, type Call } from './hetzner-calls.ts';
import { orderServer } from './hetzner-create.ts';
import { deleteServer } from './hetzner-delete.ts';
import { HetznerError } from './hetzner-error.ts';
import { workErrorOf, type Purpose } from './hetzner-errors.ts';
import { readCatalogue, readServer, readServerNamed, readServers } from './hetzner-lists.ts';
import { validateToken } from './hetzner-validate.ts';
import { serverOf } from './hetzner.mapper.ts';

export interface HetznerOptions {
  /** Of one project, for reading and writing. */
  readonly token: string;
  readonly baseUrl: string;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Of every call, waits for the limit included. */
  readonly timeoutMs?: number;
  /** Of the account, if others in this process use it as well. */
  readonly limiter?: RateLimiter;
}

/** Requests an hour, as Hetzner documents them; its answers say what is so. */
export const HETZNER_LIMIT = 3_600;
const DEFAULT_TIMEOUT_MS = 60_000;
const READ: Purpose = { kind: 'read' };
const SWITCHES = {
  on: 'powerOn',
  off: 'powerOff',
  shutdown: 'shutdown',
  reboot: 'reboot',
} as const;

/** One Hetzner Cloud project. Throws a `WorkError` (auth) for what cannot be a token. */
export function createHetznerProvider(options: HetznerOptions): CloudProvider {
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new WorkError(
      'auth',
      'What is stored as the Hetzner token of this account is none. The seller has to put it in again.',
    );
  }
  return new HetznerProvider(options);
}

class HetznerProvider implements CloudProvider {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  readonly #calls: HetznerCalls;
  readonly #managed: SharedList;
  readonly #made = new RecentTimes();
  readonly #deleted = new RecentTimes();

  constructor(options: HetznerOptions) {
    const { token, baseUrl, clock, random, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    this.#clock = clock;
    this.#limiter = options.limiter ?? new RateLimiter({ clock, random, limit: HETZNER_LIMIT });
    const api = new HetznerApi({ token, baseUrl });
    this.#calls = new HetznerCalls({ api, limiter: this.#limiter, clock, random, timeoutMs });
    this.#managed = new SharedList({
      clock,
      read: (signal) => this.#list(managedLabels(), signal),
    });
  }

  validate(signal: AbortSignal): Promise<Validity> {
    return this.#do(READ, this.#calls.begin(signal), (call) => validateToken(this.#calls, call));
  }

  catalogue(signal: AbortSignal): Promise<CloudCatalogue> {
    return this.#do(READ, this.#calls.begin(signal), (call) => readCatalogue(this.#calls, call));
  }

  findByName(name: string, signal: AbortSignal): Promise<CloudServer | undefined> {
    return this.#do(READ, this.#calls.begin(signal), async (call) => {
      const row = await readServerNamed(this.#calls, call, name);
      return row === undefined ? undefined : serverOf(row);
    });
  }

  /** What `accepted` rejects with goes through as it is. */
  async create(
    spec: ServerSpec,
    accepted: (externalId: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<CloudServer> {
    const { name, machine } = spec;
    const purpose: Purpose = { kind: 'create', name, machine };
    const order = await this.#do(purpose, this.#calls.begin(signal), (call) =>
      orderServer(this.#calls, call, spec),
    );
    this.#made.note(order.externalId, this.#clock.monotonicMs());
    await accepted(order.externalId);
    return order.read();
  }

  get(externalId: string, signal: AbortSignal): Promise<CloudServer | undefined> {
    return this.#get(externalId, 'act', this.#calls.begin(signal));
  }

  async peek(
    externalId: string,
    maxAgeMs: number,
    signal: AbortSignal,
  ): Promise<CloudServer | undefined> {
    const call = this.#calls.begin(signal);
    const madeAtMs = this.#made.get(externalId);
    const sinceMade = this.#clock.monotonicMs() - (madeAtMs ?? -Infinity);
    const { servers, askedAtMs } = await this.#managed.atMost(
      Math.min(maxAgeMs, sinceMade),
      signal,
    );
    const found = servers.get(externalId);
    if (found !== undefined) return found;
    const deletedAtMs = this.#deleted.get(externalId);
    if (deletedAtMs !== undefined && askedAtMs >= deletedAtMs) return undefined;
    // Perhaps it only lost its labels: a server counts as gone when the cloud says so of itself.
    return this.#get(externalId, 'poll', call);
  }

  async delete(externalId: string, signal: AbortSignal): Promise<void> {
    const id = idOf(externalId);
    await this.#do({ kind: 'delete' }, this.#calls.begin(signal), (call) =>
      deleteServer(this.#calls, call, id),
    );
    this.#deleted.note(externalId, this.#clock.monotonicMs());
  }

  async power(externalId: string, order: PowerOrder, signal: AbortSignal): Promise<void> {
    const id = idOf(externalId);
    const purpose: Purpose = { kind: 'act', isRepeatable: order !== 'reboot' };
    await this.#do(purpose, this.#calls.begin(signal), (call) =>
      this.#calls.send(call, { priority: 'act', purpose }, (api, options) =>
        api.switchServer(id, SWITCHES[order], options),
      ),
    );
  }

  listManaged(installation: string, signal: AbortSignal): Promise<readonly CloudServer[]> {
    return this.#list(managedLabels(installation), signal);
  }

  usage(): CloudUsage {
    const { sent, remaining, waiting } = this.#limiter;
    return { requests: sent, remaining, waiting };
  }

  #get(externalId: string, priority: 'act' | 'poll', call: Call): Promise<CloudServer | undefined> {
    return this.#do(READ, call, async () => {
      const row = await readServer(this.#calls, call, { id: idOf(externalId), priority });
      return row === undefined ? undefined : serverOf(row);
    });
  }

  #list(labels: ServerLabels, signal: AbortSignal): Promise<readonly CloudServer[]> {
    return this.#do(READ, this.#calls.begin(signal), async (call) => {
      const rows = await readServers(this.#calls, call, labels);
      return rows.map(serverOf);
    });
  }

  /** Whatever goes wrong at Hetzner becomes a `WorkError`. */
  async #do<T>(purpose: Purpose, call: Call, work: (call: Call) => Promise<T>): Promise<T> {
    try {
      return await work(call);
    } catch (error) {
      throw error instanceof HetznerError ? workErrorOf(error, purpose) : error;
    }
  }
}

function idOf(externalId: string): number {
  const id = Number(externalId);
  if (/^\d{1,16}$/.test(externalId) && Number.isSafeInteger(id)) return id;
  throw new WorkError('config', 'The id of this server is none that Hetzner gives.');
}
