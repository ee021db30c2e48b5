import { setTimer, setTimerInterval } from 'azle';
import type { Timers } from '../timers/timers.port.ts';

/** The canister's timers through Azle. */
export const azleTimers: Timers = {
  once: ({ afterSeconds, run }) => {
    setTimer(afterSeconds, run);
  },
  every: ({ everySeconds, run }) => {
    setTimerInterval(everySeconds, run);
  },
};
