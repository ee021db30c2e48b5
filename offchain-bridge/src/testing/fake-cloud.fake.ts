import type { PowerOrder, CloudProvider, CloudServer, ServerSpec } from '../ports/cloud.port.ts';
import { WorkError } from '../core/work-error.ts';
import type { Clock } from '../ports/clock.port.ts';
import { isOurs } from '../core/server-labels.ts';

/** What goes wrong with one request. */
export type CloudFault =
  /** It happened, and nobody hears of it. */
  | 'lost-answer'
  /** It did not happen, and nobody knows. */
  | 'lost-request'
  /** It happens when nobody waits for it any more. */
  | 'late-request'
  | 'busy'
  | 'capacity'
  | 'quota'
  | 'no-ipv4';

export type CloudMethod = 'find' | 'create' | 'get' | 'peek' | 'delete' | 'power' | 'list';

interface FakeServer {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ipv4: string | undefined;
  readonly createdAtMs: number;
  runningAtMs: number;
  offAtMs: number | undefined;
  goneAtMs: number | undefined;
}

const ANSWER_MS = 80;
const GIVEN_UP_MS = 10_000;
const LATE_MS = 45_000;
const BOOT_MS = 12_000;
const DELETE_MS = 3_000;
const SHUTDOWN_MS = 4_000;

/**
 * An account at a cloud in this process: names are unique, servers boot, deletions take time, and any
 * request may go wrong. Time is the clock's.
 */
export class FakeCloud {
  readonly #clock: Clock;
  readonly #pace: number;
  readonly #servers = new Map<string, FakeServer>();
  #made = 0;
  /** Asked before each request; a test replaces it. */
  fault: (method: CloudMethod, name: string) => CloudFault | undefined = () => undefined;
  /** A machine that does not hear a shutdown. */
  isDeaf = false;
  readonly requests: string[] = [];
  /** Rentals that had two servers at one time. */
  readonly doubles: string[] = [];

  /** `pace`: of 1 in all durations; less is faster. */
  constructor(clock: Clock, pace = 1) {
    this.#clock = clock;
    this.#pace = pace;
  }

  /** All that is there now. */
  servers(): readonly CloudServer[] {
    this.#tick();
    return [...this.#servers.values()].map((server) => this.#seen(server));
  }

  /** A server that somebody else made. */
  add(name: string, labels: Readonly<Record<string, string>>): string {
    return this.#make({ name, labels, ipv4: this.#address() });
  }

  /** Somebody deletes it at the cloud's own page. */
  vanish(id: string): void {
    this.#servers.delete(id);
  }

  provider(): CloudProvider {
    return {
      validate: async () => Promise.resolve({ kind: 'valid' }),
      catalogue: async () =>
        Promise.resolve({ currency: 'EUR', locations: [], types: [], images: [] }),
      findByName: (name) => this.#do('find', name, () => this.#named(name)),
      get: (id) => this.#do('get', id, () => this.#byId(id)),
      peek: (id) => this.#do('peek', id, () => this.#byId(id)),
      listManaged: (installation) =>
        this.#do('list', '', () =>
          this.servers().filter(({ labels }) => isOurs(labels, installation)),
        ),
      create: async (spec, accepted) => {
        const server = await this.#do('create', spec.name, (fault) => this.#create(spec, fault));
        await accepted(server.externalId);
        return server;
      },
      delete: (id) => this.#do('delete', id, () => this.#delete(id)),
      power: (id, order) => this.#do('power', id, () => this.#power(id, order)),
      usage: () => ({ requests: this.requests.length, remaining: undefined, waiting: 0 }),
    };
  }

  async #do<T>(
    method: CloudMethod,
    about: string,
    work: (fault: CloudFault | undefined) => T,
  ): Promise<T> {
    this.requests.push(`${method} ${about}`);
    const fault = this.fault(method, about);
    await this.#clock.sleep(ANSWER_MS * this.#pace);
    if (fault === 'busy') throw new WorkError('transient', 'the cloud is busy');
    if (fault === 'lost-request') throw lost(method);
    if (fault === 'late-request') {
      void this.#later(() => work(fault));
      await this.#clock.sleep(GIVEN_UP_MS * this.#pace);
      throw lost(method);
    }
    this.#tick();
    const result = work(fault);
    await this.#clock.sleep(ANSWER_MS * this.#pace);
    if (fault === 'lost-answer') throw lost(method);
    return result;
  }

  /** What it gives, or why it cannot be, is for nobody. */
  async #later(work: () => unknown): Promise<void> {
    await this.#clock.sleep(LATE_MS * this.#pace);
    this.#tick();
    try {
      work();
    } catch (error) {
      if (!(error instanceof WorkError)) throw error;
    }
  }

  #create(spec: ServerSpec, fault: CloudFault | undefined): CloudServer {
    if (fault === 'capacity') throw new WorkError('capacity', 'none of that machine is left');
    if (fault === 'quota') throw new WorkError('quota', 'the account is at its limit');
    if (this.#named(spec.name) !== undefined) {
      throw new WorkError('exists', 'a server of that name is there');
    }
    const { name, labels } = spec;
    const rental = labels['dc-rental'];
    const others = this.servers().filter((one) => one.labels['dc-rental'] === rental);
    if (rental !== undefined && others.length > 0) this.doubles.push(rental);
    const ipv4 = fault === 'no-ipv4' ? undefined : this.#address();
    const id = this.#make({ name, labels, ipv4 });
    const server = this.#byId(id);
    if (server === undefined) throw new Error('a server that was just made');
    return server;
  }

  #delete(id: string): void {
    const server = this.#servers.get(id);
    if (server !== undefined)
      server.goneAtMs ??= this.#clock.monotonicMs() + DELETE_MS * this.#pace;
  }

  #power(id: string, order: PowerOrder): void {
    const server = this.#servers.get(id);
    if (server === undefined) throw new WorkError('config', 'there is no such server');
    const nowMs = this.#clock.monotonicMs();
    if (order === 'off') server.offAtMs = nowMs;
    else if (order === 'shutdown' && !this.isDeaf)
      server.offAtMs = nowMs + SHUTDOWN_MS * this.#pace;
    else if (order === 'on' || order === 'reboot') {
      server.offAtMs = undefined;
      server.runningAtMs = nowMs + BOOT_MS * this.#pace;
    }
  }

  #named(name: string): CloudServer | undefined {
    return this.servers().find((server) => server.name === name);
  }

  #byId(id: string): CloudServer | undefined {
    return this.servers().find((server) => server.externalId === id);
  }

  #make(given: Pick<FakeServer, 'name' | 'labels' | 'ipv4'>): string {
    this.#made += 1;
    const id = `srv-${this.#made}`;
    const createdAtMs = this.#clock.monotonicMs();
    const runningAtMs = createdAtMs + BOOT_MS * this.#pace;
    const rest = { id, createdAtMs, runningAtMs, offAtMs: undefined, goneAtMs: undefined };
    this.#servers.set(id, { ...given, ...rest });
    return id;
  }

  #address(): string {
    return `127.20.${Math.floor(this.#made / 250)}.${(this.#made % 250) + 1}`;
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const { id, goneAtMs } of this.#servers.values()) {
      if (goneAtMs !== undefined && goneAtMs <= nowMs) this.#servers.delete(id);
    }
  }

  #seen(server: FakeServer): CloudServer {
    const { id, name, labels, ipv4, createdAtMs } = server;
    const status = this.#statusOf(server);
    return { externalId: id, name, labels, ipv4, ipv6: undefined, createdAtMs, status };
  }

  #statusOf({ goneAtMs, offAtMs, runningAtMs }: FakeServer): CloudServer['status'] {
    const nowMs = this.#clock.monotonicMs();
    if (goneAtMs !== undefined) return 'deleting';
    if (offAtMs !== undefined && offAtMs <= nowMs) return 'off';
    return runningAtMs <= nowMs ? 'running' : 'starting';
  }
}

function lost(method: CloudMethod): WorkError {
  return method === 'create'
    ? new WorkError('unknown', 'the cloud did not answer')
    : new WorkError('transient', 'the cloud did not answer');
}
