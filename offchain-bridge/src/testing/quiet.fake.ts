import type { Log } from '../ports/log.port.ts';
import type { Counter, Labels, Metrics } from '../ports/metrics.port.ts';

/** A log that nobody reads. */
export const quietLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quietLog,
};

/** Counts what is counted: `name` or `name{label=value}`. */
export class CountingMetrics implements Metrics {
  readonly counts = new Map<string, number>();

  count(name: Counter, labels: Labels = {}): void {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    const key = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  time(): void {
    // Durations are not looked at here.
  }

  set(): void {
    // Gauges are not looked at here.
  }
}
