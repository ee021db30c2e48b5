import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BridgeProcess } from '../../../scripts/start/demo/bridge-process.ts';
import { ChaosProxy } from '../chaos-proxy.ts';
import { Fates, type FateShares, type KillCoverage } from '../fates.ts';
import type { Death } from '../judge/evidence.ts';
import { randomFor, subSeed } from '../sub-seed.ts';

const PRELOADS = ['skewed-clock', 'ends-with-harness'].map((name) =>
  fileURLToPath(new URL(`../preloads/${name}.mjs`, import.meta.url)),
);
const SKEW_MAX_MS = 5 * 60_000;
const REST_MS = { least: 100, most: 2_000 };

export interface BridgeKeeperOptions {
  readonly name: string;
  readonly seed: number;
  readonly networkUrl: string;
  readonly cloudEndpoint: string;
  /** Of its configuration, besides what the keeper decides. */
  readonly env: Readonly<Record<string, string>>;
  readonly logDir: string;
  /** The bridge in one file. */
  readonly program: string;
  /** See `openLifeline`. */
  readonly lifelinePort: number;
  readonly shares: FateShares;
  readonly coverage: KillCoverage;
  /** Whether a living bridge may be killed at a request of that kind. */
  readonly mayKill: (kind: string) => boolean;
  readonly nowNs: () => bigint;
}

/** Keeps one bridge alive: a new process comes a moment after the last one was killed. */
export class BridgeKeeper {
  readonly deaths: Death[] = [];
  /** Processes that ended though nobody killed them, or did not even start. */
  readonly crashes: string[] = [];
  readonly #options: BridgeKeeperOptions;
  readonly #fates: readonly Fates[];
  readonly #random: ReturnType<typeof randomFor>;
  readonly #skewMs: number;
  #proxies: readonly ChaosProxy[] = [];
  #process: BridgeProcess | undefined;
  #life = 0;
  #isWanted = false;
  /** Its death is decided, and not done yet. */
  #isDoomed = false;
  #living: Promise<void> = Promise.resolve();

  constructor(options: BridgeKeeperOptions) {
    const { seed, name, shares, coverage } = options;
    const mayKill = (kind: string): boolean => this.#doom(kind);
    this.#options = options;
    this.#random = randomFor(seed, `${name}/keeper`);
    this.#skewMs = Math.round((2 * this.#random.next() - 1) * SKEW_MAX_MS);
    this.#fates = ['network', 'cloud'].map(
      (to) => new Fates({ seed: subSeed(seed, `${name}/${to}`), shares, coverage, mayKill }),
    );
    this.setCalm(true);
  }

  get isLiving(): boolean {
    return !this.#isDoomed && this.#process?.isRunning === true;
  }

  /** Requests to which something was done. */
  get mishaps(): number {
    return this.#fates.reduce((sum, { mishaps }) => sum + mishaps, 0);
  }

  /** Opens what stands between the bridge and the world. */
  async open(): Promise<void> {
    const { networkUrl, cloudEndpoint } = this.#options;
    const targets = [networkUrl, new URL(cloudEndpoint).origin];
    this.#proxies = await Promise.all(
      this.#fates.map((fates, at) =>
        ChaosProxy.start({ target: targets[at] ?? '', fates, kill: () => this.#kill() }),
      ),
    );
  }

  /** Resolves when the first process works. */
  async start(): Promise<void> {
    this.#isWanted = true;
    this.#process = await this.#spawn();
    this.#isDoomed = false;
    this.#living = this.#keep(this.#process);
  }

  /** Whether anything is done to it. It begins calm. */
  setCalm(isCalm: boolean): void {
    for (const fates of this.#fates) fates.isCalm = isCalm;
  }

  /** Lets it give its jobs back and end. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#process?.stop();
    await this.#living;
  }

  /** Ends it at once: what it has in hand is left. */
  async close(): Promise<void> {
    this.#isWanted = false;
    await this.#process?.kill();
    await this.#living;
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }

  get #worker(): string {
    return `${this.#options.name}.${this.#life}`;
  }

  /** Once decided it is done: nobody decides it a second time meanwhile. */
  #doom(kind: string): boolean {
    if (!this.isLiving || !this.#options.mayKill(kind)) return false;
    this.#isDoomed = true;
    return true;
  }

  /** Ends it as a power cut would; another one comes soon. */
  async #kill(): Promise<void> {
    const victim = this.#process;
    if (victim?.isRunning !== true) return;
    this.deaths.push({ worker: this.#worker, atNs: this.#options.nowNs() });
    await victim.kill();
  }

  /** Never rejects. */
  async #keep(first: BridgeProcess): Promise<void> {
    let current: BridgeProcess | undefined = first;
    for (;;) {
      await current?.ended;
      if (!this.#isWanted) return;
      const wasKilled = this.deaths.some(({ worker }) => worker === this.#worker);
      if (!wasKilled) this.crashes.push(this.#worker);
      await sleep(REST_MS.least + this.#random.next() * (REST_MS.most - REST_MS.least));
      if (!this.#wantsMore()) return;
      current = await this.#another();
      // It may have been told to stop while it was being started.
      if (!this.#wantsMore()) await current?.kill();
    }
  }

  /** Undefined: it did not start. */
  async #another(): Promise<BridgeProcess | undefined> {
    try {
      this.#process = await this.#spawn();
      this.#isDoomed = false;
      return this.#process;
    } catch {
      return undefined;
    }
  }

  #wantsMore(): boolean {
    return this.#isWanted;
  }

  #spawn(): Promise<BridgeProcess> {
    this.#life += 1;
    const { cloudEndpoint, env, logDir, name, program } = this.#options;
    const [network, cloud] = this.#proxies;
    if (network === undefined || cloud === undefined) throw new Error('BUG: open it first');
    return BridgeProcess.start({
      env: {
        ...env,
        BRIDGE_PORT: '0',
        BRIDGE_WORKER: this.#worker,
        BRIDGE_NETWORK_URL: network.url,
        BRIDGE_HETZNER_URL: cloud.url + new URL(cloudEndpoint).pathname,
        CLOCK_SKEW_MS: this.#skewMs.toString(),
        CHAOS_LIFELINE_PORT: this.#options.lifelinePort.toString(),
      },
      logFile: join(logDir, `${name}.log`),
      program,
      preload: PRELOADS,
    });
  }
}
