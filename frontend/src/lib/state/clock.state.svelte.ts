import { onMount } from 'svelte';

const TICK_MS = 1_000;

class Clock {
  nowMs = $state(Date.now());
  #users = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** The time, second by second, while the component is there. Call it when one is made. */
  use(): this {
    onMount(() => {
      this.#users += 1;
      this.nowMs = Date.now();
      this.#timer ??= setInterval(() => (this.nowMs = Date.now()), TICK_MS);
      return () => {
        this.#users -= 1;
        if (this.#users > 0) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
      };
    });
    return this;
  }
}

/** One ticking clock for all of the page. */
export const clock = new Clock();
