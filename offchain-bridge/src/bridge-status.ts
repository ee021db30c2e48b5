import { readinessOf } from './core/readiness.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { BridgeStatus, ReadyCheck, ShownJob } from './http/status.ts';
import type { Metrics } from './ports/metrics.port.ts';
import type { AccountBoard } from './workers/account-board.ts';

const MS_PER_SECOND = 1_000;
const SILENT_MS = 60_000;

export interface StatusSources extends Pick<BridgeParts, 'rental' | 'sessions'> {
  readonly who: Pick<BridgeStatus, 'version' | 'worker' | 'principal' | 'startedAt'> & {
    readonly rentalId: string;
  };
  readonly board: AccountBoard;
  readonly metrics: Metrics;
  readonly inHand: () => readonly ShownJob[];
  readonly isDraining: () => boolean;
  readonly backlog: () => BridgeStatus['backlog'];
}

/** What the pages show, as it is now. Gauges are set on the way. */
export class StatusBoard {
  readonly #from: StatusSources;

  constructor(sources: StatusSources) {
    this.#from = sources;
  }

  checks(): readonly ReadyCheck[] {
    const { rental, board, isDraining } = this.#from;
    return readinessOf({
      answeredAgoMs: rental.answeredAgoMs(),
      clockOffsetMs: rental.clockOffsetMs(),
      accounts: board.all(),
      isDraining: isDraining(),
    });
  }

  status(): BridgeStatus {
    const { who, rental, board, sessions, inHand, isDraining, backlog } = this.#from;
    const { rentalId, ...self } = who;
    const answeredAgoMs = rental.answeredAgoMs();
    return {
      ...self,
      isDraining: isDraining(),
      canister: {
        id: rentalId,
        isReachable: answeredAgoMs !== undefined && answeredAgoMs <= SILENT_MS,
        answeredAgoMs,
        clockOffsetMs: rental.clockOffsetMs(),
      },
      jobs: inHand(),
      accounts: board.all().map(({ id, label, backend, problem }) => ({
        id,
        label,
        backend,
        api: sessions.usageOf(id),
        problem,
      })),
      backlog: backlog(),
    };
  }

  /** Before the numbers are read. */
  setGauges(): void {
    const { metrics, rental, board, sessions, inHand, backlog } = this.#from;
    metrics.set('jobs_in_hand', inHand().length);
    metrics.set('health_targets', backlog().healthTargets);
    metrics.set('strays_waiting', backlog().straysWaiting);
    metrics.set('clock_offset_seconds', (rental.clockOffsetMs() ?? 0) / MS_PER_SECOND);
    for (const { id } of board.all()) {
      const usage = sessions.usageOf(id);
      if (usage === undefined) continue;
      const labels = { account: id.toString() };
      metrics.set('rate_waiting', usage.waiting, labels);
      if (usage.remaining !== undefined) metrics.set('rate_remaining', usage.remaining, labels);
    }
  }
}
