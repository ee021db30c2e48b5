import type { CloudClock } from '../cloud-clock.ts';
import type { Stock } from './catalogue/stock.ts';
import type { Durations } from './servers/durations.ts';
import type { Lifecycle } from './servers/lifecycle.ts';
import type { Settings } from './settings.ts';
import type { CloudState } from './state/cloud-state.ts';

/** What the endpoints work with. */
export interface CloudParts {
  readonly clock: CloudClock;
  readonly state: CloudState;
  readonly stock: Stock;
  readonly lifecycle: Lifecycle;
  readonly durations: Durations;
  readonly settings: Settings;
  readonly newPassword: () => string;
}
