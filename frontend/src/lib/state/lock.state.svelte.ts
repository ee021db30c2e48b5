import { readLockMinutes, type LockMinutes } from '../services/login-memory.service.ts';
import { lockReasonOf, LOOK_EVERY_MS } from '../services/vault-lock.service.ts';
import { session } from './session.state.svelte.ts';
import { sessionLife } from './session-life.state.svelte.ts';

const MINUTES = 'lock-minutes';
/** When somebody last did something, in any tab. */
const ACTIVE_AT = 'active-at';
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
const MS_PER_MINUTE = 60_000;

/** Closes the keys when nobody is there: after a while, and when the device slept. */
class AutoLock {
  minutes = $state<LockMinutes>(15);
  #lookedAtMs = Date.now();
  #activeAtMs = Date.now();

  /** Begins; gives what ends it. */
  start(): () => void {
    this.minutes = readLockMinutes(localStorage.getItem(MINUTES));
    this.#lookedAtMs = Date.now();
    this.#activeAtMs = Number(localStorage.getItem(ACTIVE_AT) ?? Date.now());
    const onSign = (): void => this.touch();
    for (const sign of SIGNS) window.addEventListener(sign, onSign, { passive: true });
    const onVisible = (): void => this.look();
    document.addEventListener('visibilitychange', onVisible);
    const timer = setInterval(onVisible, LOOK_EVERY_MS);
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, onSign);
      document.removeEventListener('visibilitychange', onVisible);
      clearInterval(timer);
    };
  }

  choose(minutes: LockMinutes): void {
    this.minutes = minutes;
    localStorage.setItem(MINUTES, String(minutes));
  }

  /** Somebody is there. */
  touch(): void {
    this.look();
    const nowMs = Date.now();
    if (nowMs - this.#activeAtMs < LOOK_EVERY_MS) return;
    this.#activeAtMs = nowMs;
    localStorage.setItem(ACTIVE_AT, String(nowMs));
  }

  /** Locks if it is time to. */
  look(): void {
    const nowMs = Date.now();
    const lookedAtMs = this.#lookedAtMs;
    this.#lookedAtMs = nowMs;
    if (session.state.kind !== 'signed-in') return;
    const { endsAtMs } = session.state.person;
    const reason = lockReasonOf({
      nowMs,
      lookedAtMs,
      activeAtMs: Math.max(this.#activeAtMs, Number(localStorage.getItem(ACTIVE_AT) ?? 0)),
      idleMs: this.minutes * MS_PER_MINUTE,
      endsAtMs,
    });
    if (reason !== undefined) void sessionLife.lock(reason);
  }
}

export const autoLock = new AutoLock();
