import type { Runtime } from '../runtime/runtime.port.ts';
import { gauge, type Metric } from './metrics.ts';

const NS_PER_SECOND = 1_000_000_000n;

/** What every canister measures; also remembers when its code last started. */
export class CanisterMetrics {
  readonly #prefix: string;
  readonly #runtime: Runtime;
  #startedAtSeconds = 0n;

  constructor(options: { readonly prefix: string; readonly runtime: Runtime }) {
    this.#prefix = options.prefix;
    this.#runtime = options.runtime;
  }

  /** Called at init and after each upgrade. */
  markStart(): void {
    this.#startedAtSeconds = this.#runtime.time() / NS_PER_SECOND;
  }

  /** The common metrics followed by the canister's own. */
  with(own: readonly Metric[]): readonly Metric[] {
    return [
      gauge({
        name: `${this.#prefix}_cycles`,
        help: 'Cycles this canister holds',
        value: this.#runtime.cycles(),
      }),
      gauge({
        name: `${this.#prefix}_started_at_seconds`,
        help: 'When this code was installed or upgraded, in Unix time',
        value: this.#startedAtSeconds,
      }),
      ...own,
    ];
  }
}
