import {
  afterProbe,
  hastened,
  isBlamed,
  newWatch,
  type EndedProbe,
  type Seen,
  type Watch,
} from '../core/health/probe-watch.ts';
import { Sight } from '../core/health/sight.ts';
import { SlotBook, type SlotRow } from '../core/health/slot-book.ts';
import type { CloudAccountId, RentalId } from '../core/ids.ts';
import type { Clock } from '../ports/clock.port.ts';
import type { Log } from '../ports/log.port.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type {
  AgentAccount,
  HealthRowAnswer,
  HealthTarget,
  ProbeResult,
  RentalPort,
} from '../ports/rental.port.ts';
import type { AccountBoard } from './account-board.ts';
import { messageOf, type Periodic } from './periodic.ts';

const TICK_MS = 1_000;
const REFRESH_MS = 60_000;
const TELL_MS = 60_000;
/** Machines that are looked at; a lost packet keeps one busy for seconds. */
const AT_ONCE = 200;
/** Of one report to the canister. */
const ROWS_MAX = 1_000;
const FLIP_CHECKS_MAX = 8;
const MS_PER_SECOND = 1_000;
/** An idle bridge asks the canister every few seconds: silence means that this side is cut off. */
const OFFLINE_AFTER_MS = 30_000;
/** So many others are looked at when one does not answer. */
const CANARIES = 2;

/** What one probe found; unknown if what answered says nothing about the machine. */
export interface Probed {
  readonly verdict: 'up' | 'down' | 'unknown';
  readonly checks: readonly ProbeResult[];
}

export interface ProberDeps {
  readonly rental: Pick<
    RentalPort,
    'installation' | 'healthTargets' | 'reportHealth' | 'reportFlip' | 'clockOffsetMs'
  >;
  readonly board: AccountBoard;
  /** Looks at a machine once; ends within seconds and does not reject for what it finds. */
  readonly probe: (target: ProbeTarget, signal: AbortSignal) => Promise<Probed>;
  /** How long ago the canister last answered this side. */
  readonly answeredAgoMs: () => number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly random: () => number;
}

export interface ProbeTarget extends HealthTarget {
  readonly installation: string;
  readonly account: AgentAccount;
}

export interface HealthProber extends Periodic {
  backlog(): { readonly healthTargets: number; readonly healthRowsWaiting: number };
}

interface Watched {
  target: ProbeTarget;
  /** Undefined while it is excluded: nobody looks. */
  watch: Watch | undefined;
  readonly book: SlotBook;
  isBusy: boolean;
}

/**
 * Measures every running machine of the accounts that this bridge works: each about once a minute, and
 * again within seconds when it does not answer. Tells the canister at once when one goes down or comes up,
 * and the slots of five minutes when they are over. Nothing is blamed on machines when the canister does
 * not answer, or when no machine does: then it is this side that is offline.
 */
export function healthProber(deps: ProberDeps): HealthProber {
  return new Prober(deps);
}

class Prober implements HealthProber {
  readonly name = 'health';
  readonly everyMs = TICK_MS;
  readonly #deps: ProberDeps;
  readonly #watched = new Map<RentalId, Watched>();
  readonly #sight = new Sight<RentalId>();
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ProberDeps) {
    this.#deps = deps;
  }

  backlog(): { readonly healthTargets: number; readonly healthRowsWaiting: number } {
    const nowMs = this.#canisterMs();
    const rows = [...this.#watched.values()].flatMap(({ book }) => book.rows(nowMs));
    return { healthTargets: this.#watched.size, healthRowsWaiting: rows.length };
  }

  async round(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#refreshedAtMs >= REFRESH_MS) {
      await this.#refresh();
      this.#refreshedAtMs = nowMs;
    }
    this.#probeDue(signal);
    if (nowMs - this.#toldAtMs >= TELL_MS) {
      await this.#tellSlots();
      this.#toldAtMs = nowMs;
    }
  }

  /** An account that cannot be read keeps its machines: they are measured on. */
  async #refresh(): Promise<void> {
    const { rental, board, log } = this.#deps;
    const installation = await rental.installation();
    const unread = new Set<CloudAccountId>();
    const seen = new Set<RentalId>();
    for (const account of await board.refresh()) {
      try {
        for (const target of await rental.healthTargets(account.id)) {
          seen.add(target.rentalId);
          this.#keep({ ...target, installation, account });
        }
      } catch (error) {
        unread.add(account.id);
        log.warn({ account: account.id, error: messageOf(error) }, 'no health targets were read');
      }
    }
    for (const [rentalId, { target }] of this.#watched) {
      if (seen.has(rentalId) || unread.has(target.account.id)) continue;
      this.#watched.delete(rentalId);
      this.#sight.forget(rentalId);
    }
  }

  #keep(target: ProbeTarget): void {
    if (target.isExcluded) this.#sight.forget(target.rentalId);
    else this.#sight.watch(target.rentalId);
    const known = this.#watched.get(target.rentalId);
    const first = (): Watch => newWatch(this.#deps.clock.monotonicMs(), this.#deps.random());
    if (known === undefined) {
      const watch = target.isExcluded ? undefined : first();
      this.#watched.set(target.rentalId, { target, watch, book: new SlotBook(), isBusy: false });
      return;
    }
    known.target = target;
    known.watch = target.isExcluded ? undefined : (known.watch ?? first());
  }

  /** Begins what is due, the longest overdue first; nobody waits for a machine that does not answer. */
  #probeDue(signal: AbortSignal): void {
    signal.throwIfAborted();
    const nowMs = this.#deps.clock.monotonicMs();
    const all = [...this.#watched.values()];
    const busyCount = all.filter(({ isBusy }) => isBusy).length;
    const due = all
      .filter(({ watch, isBusy }) => !isBusy && watch !== undefined && watch.nextAtMs <= nowMs)
      .sort((one, other) => (one.watch?.nextAtMs ?? 0) - (other.watch?.nextAtMs ?? 0));
    for (const watched of due.slice(0, Math.max(0, AT_ONCE - busyCount))) {
      this.#probe(watched, signal).catch((error: unknown) => {
        if (signal.aborted) return;
        this.#deps.log.error({ error: messageOf(error) }, 'a machine was not looked at');
      });
    }
  }

  async #probe(watched: Watched, signal: AbortSignal): Promise<void> {
    const { probe, clock, metrics } = this.#deps;
    const { rentalId } = watched.target;
    const beganAtMs = clock.monotonicMs();
    watched.isBusy = true;
    const found = await probe(watched.target, signal).finally(() => (watched.isBusy = false));
    const before = watched.watch;
    if (before === undefined || signal.aborted) return;
    const ended = this.#ended(rentalId, found);
    metrics.count('probes', { result: WORDS[ended.seen] });
    metrics.time('probe_seconds', (ended.atMs - beganAtMs) / MS_PER_SECOND);
    const { watch, flip } = afterProbe(before, ended);
    watched.watch = watch;
    if (ended.seen === 'hit') {
      this.#sight.heard(rentalId, ended.atMs);
      watched.book.answered(this.#canisterMs());
    } else if (isBlamed(watch, ended)) watched.book.wasDown(this.#canisterMs());
    if (watch.kind === 'suspect') this.#hastenOthers(ended.atMs);
    if (flip !== undefined) await this.#tellFlip(watched, flip, found);
  }

  #ended(rentalId: RentalId, { verdict }: Probed): EndedProbe {
    const { answeredAgoMs, clock, random } = this.#deps;
    const atMs = clock.monotonicMs();
    const silentMs = answeredAgoMs() ?? Number.POSITIVE_INFINITY;
    const isOnline = silentMs <= OFFLINE_AFTER_MS;
    const heardAtMs = this.#sight.heardBesideMs(rentalId, atMs - silentMs);
    return { seen: seenOf(verdict, isOnline), atMs, heardAtMs, random: random() };
  }

  /** They show whether it is this side that is cut off. */
  #hastenOthers(nowMs: number): void {
    const others = [...this.#watched.values()].filter(({ watch, isBusy }) => {
      return !isBusy && watch?.kind === 'up' && watch.nextAtMs > nowMs;
    });
    for (const other of others.slice(0, CANARIES)) {
      if (other.watch !== undefined) other.watch = hastened(other.watch, nowMs);
    }
  }

  async #tellFlip(watched: Watched, flip: 'down' | 'up', { checks }: Probed): Promise<void> {
    const { rental, log, metrics, clock } = this.#deps;
    const { rentalId } = watched.target;
    const atMs = this.#canisterMs();
    const leftMs = (watched.watch?.nextAtMs ?? 0) - clock.monotonicMs();
    metrics.count('flips', { to: flip });
    log.info({ rental: rentalId, to: flip, why: checks[0]?.result }, 'a machine changed');
    try {
      await rental.reportFlip({
        rentalId,
        atMs,
        isUp: flip === 'up',
        checks: checks.slice(0, FLIP_CHECKS_MAX),
        nextCheckMs: atMs + Math.max(0, leftMs),
      });
    } catch (error) {
      // The slots tell it, too: this was only the quick word.
      log.warn({ rental: rentalId, error: messageOf(error) }, 'a change was not told');
    }
  }

  async #tellSlots(): Promise<void> {
    const nowMs = this.#canisterMs();
    const waiting = [...this.#watched].flatMap(([rentalId, { book }]) =>
      book.rows(nowMs).map((row) => ({ rentalId, row, book })),
    );
    for (let at = 0; at < waiting.length; at += ROWS_MAX) {
      const piece = waiting.slice(at, at + ROWS_MAX);
      const answers = await this.#deps.rental.reportHealth(
        piece.map(({ rentalId, row }) => ({ rentalId, ...row })),
      );
      piece.forEach(({ row, book }, index) => {
        settle(book, row, answers[index]);
      });
    }
  }

  #canisterMs(): number {
    return this.#deps.clock.nowMs() + (this.#deps.rental.clockOffsetMs() ?? 0);
  }
}

/** What is not over yet by the canister's clock is told again; everything else is settled. */
function settle(book: SlotBook, row: SlotRow, answer: HealthRowAnswer | undefined): void {
  if (answer !== undefined && answer !== 'not-over') book.settle(row);
}

function seenOf(verdict: Probed['verdict'], isOnline: boolean): Seen {
  if (verdict === 'up') return 'hit';
  return verdict === 'down' && isOnline ? 'miss' : 'blind';
}

const WORDS: Readonly<Record<Seen, string>> = { hit: 'up', miss: 'down', blind: 'unknown' };
