/**
 * Watches one machine by probes.
 *
 *   up ──miss──▶ suspect ──3 more misses──▶ down ──hit──▶ hopeful ──hit──▶ up
 *    ▲             │ hit                      ▲              │ miss
 *    └─────────────┘                          └──────────────┘
 *
 * 1. One miss says nothing: a machine is down only after a miss and three quick re-checks that miss, too.
 *    A re-check counts only if somebody else was heard since the miss before it: else it may be this side
 *    that is cut off, and it is re-checked until somebody is.
 * 2. A probe that could not be made (blind: this side is offline) changes nothing but the time of the next.
 * 3. Misses that lie too far apart are not of one streak: whoever slept begins anew.
 */
export type Watch =
  | { readonly kind: 'up'; readonly nextAtMs: number }
  | {
      readonly kind: 'suspect';
      readonly nextAtMs: number;
      /** The end of the last miss that counts. */
      readonly missedAtMs: number;
      /** Those that count. */
      readonly rechecks: number;
    }
  | { readonly kind: 'down'; readonly nextAtMs: number }
  | { readonly kind: 'hopeful'; readonly nextAtMs: number };

/** What came of a probe. */
export type Seen = 'hit' | 'miss' | 'blind';

export interface Step {
  readonly watch: Watch;
  /** The machine went down or came up; undefined if nothing has changed. */
  readonly flip: 'down' | 'up' | undefined;
}

/** Of every probe, from its end to the next one's beginning. */
export const PROBE_EVERY_MS = 60_000;
const JITTER = 0.1;
const RECHECK_MS = 4_000;
const RECHECKS = 3;
/** A machine that is down is looked at more often: people wait for it. */
const DOWN_EVERY_MS = 20_000;
/** A re-check that comes so late does not belong to the miss before it. */
const STREAK_MS = 45_000;

/** A machine that was just found healthy: its probes are spread over the first minute. */
export function newWatch(nowMs: number, random: number): Watch {
  return { kind: 'up', nextAtMs: nowMs + PROBE_EVERY_MS * random };
}

/** A probe of a machine, and what is to be known beside it. */
export interface EndedProbe {
  readonly seen: Seen;
  readonly atMs: number;
  /** When somebody else last answered this side: see `Sight`. */
  readonly heardAtMs: number;
  /** From 0 to 1: spreads machines out. */
  readonly random: number;
}

/** What follows from a probe that ended at `atMs`. */
export function afterProbe(watch: Watch, probe: EndedProbe): Step {
  const { seen, atMs, random } = probe;
  const calmMs = atMs + PROBE_EVERY_MS * (1 - JITTER / 2 + JITTER * random);
  if (seen === 'blind') return { watch: { ...watch, nextAtMs: calmMs }, flip: undefined };
  switch (watch.kind) {
    case 'up':
      return stays(seen === 'hit' ? up(calmMs) : suspect(atMs));
    case 'suspect':
      return seen === 'hit' ? stays(up(calmMs)) : missedAgain(watch, probe);
    case 'down':
      return stays(seen === 'hit' ? hopeful(atMs) : down(atMs));
    case 'hopeful':
      return seen === 'hit' ? { watch: up(calmMs), flip: 'up' } : stays(down(atMs));
  }
}

function missedAgain(
  watch: Extract<Watch, { kind: 'suspect' }>,
  { atMs, heardAtMs }: EndedProbe,
): Step {
  if (atMs - watch.nextAtMs > STREAK_MS) return stays(suspect(atMs));
  const nextAtMs = atMs + RECHECK_MS;
  if (heardAtMs < watch.missedAtMs) return stays({ ...watch, nextAtMs });
  const rechecks = watch.rechecks + 1;
  if (rechecks < RECHECKS) return stays({ ...watch, nextAtMs, missedAtMs: atMs, rechecks });
  return { watch: down(atMs), flip: 'down' };
}

function stays(watch: Watch): Step {
  return { watch, flip: undefined };
}

function up(nextAtMs: number): Watch {
  return { kind: 'up', nextAtMs };
}

function suspect(atMs: number): Watch {
  return { kind: 'suspect', nextAtMs: atMs + RECHECK_MS, missedAtMs: atMs, rechecks: 0 };
}

function down(atMs: number): Watch {
  return { kind: 'down', nextAtMs: atMs + DOWN_EVERY_MS };
}

function hopeful(atMs: number): Watch {
  return { kind: 'hopeful', nextAtMs: atMs + RECHECK_MS };
}

/** Whether people are told that the machine is down. */
export function isDown(watch: Watch): boolean {
  return watch.kind === 'down' || watch.kind === 'hopeful';
}

/** Whether a miss counts against a machine that is down: all others were due since then. */
export function isBlamed(watch: Watch, { seen, atMs, heardAtMs }: EndedProbe): boolean {
  return seen === 'miss' && isDown(watch) && atMs - heardAtMs <= PROBE_EVERY_MS * 2;
}

/** A machine that is up is looked at now: its answer shows whether this side is cut off. */
export function hastened(watch: Watch, nowMs: number): Watch {
  return watch.kind === 'up' ? { ...watch, nextAtMs: Math.min(watch.nextAtMs, nowMs) } : watch;
}
