import {
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram,
  Registry,
  collectDefaultMetrics,
} from 'prom-client';
import type { Counter, Gauge, Labels, Metrics, Timer } from '../ports/metrics.port.ts';

interface Shape {
  readonly help: string;
  readonly labels: readonly string[];
}

const COUNTERS: Readonly<Record<Counter, Shape>> = {
  jobs_claimed: { help: 'Jobs that this process took in hand', labels: ['kind'] },
  jobs_ended: { help: 'Jobs that left its hands, by how', labels: ['kind', 'outcome'] },
  leases_lost: { help: 'Leases that could not be kept', labels: [] },
  canister_calls: { help: 'Calls to the rental canister', labels: ['method', 'outcome'] },
  foreign_servers: { help: 'Servers of our name that are not ours: look at the log', labels: [] },
  servers_created: { help: 'Servers ordered', labels: [] },
  servers_deleted: { help: 'Servers deleted', labels: [] },
  strays_deleted: { help: 'Servers without a rental that were deleted', labels: [] },
  probes: { help: 'Health checks', labels: ['result'] },
  flips: { help: 'Machines that went down or came up', labels: ['to'] },
  catalogues_published: { help: 'Readings of what clouds sell', labels: [] },
  worker_failures: { help: 'Rounds that ended by an error', labels: ['worker'] },
};

const TIMERS: Readonly<Record<Timer, Shape>> = {
  job_seconds: { help: 'From claim to end', labels: ['kind'] },
  canister_call_seconds: { help: 'Calls to the rental canister', labels: ['method'] },
  probe_seconds: { help: 'Health checks', labels: [] },
  time_to_ready_seconds: { help: 'From the first claim of a rental to ready', labels: [] },
};

const GAUGES: Readonly<Record<Gauge, Shape>> = {
  jobs_in_hand: { help: 'Jobs in hand', labels: [] },
  health_targets: { help: 'Machines that are measured', labels: [] },
  strays_waiting: { help: 'Servers without a rental that wait for the grace to end', labels: [] },
  machines_to_make: { help: 'Paid rentals whose machine is not ready yet', labels: [] },
  machines_to_delete: { help: 'Machines of rentals that are over', labels: [] },
  clock_offset_seconds: { help: "The canister's clock minus this machine's", labels: [] },
  rate_remaining: { help: 'Requests that the cloud still allows', labels: ['account'] },
  rate_waiting: { help: 'Requests that wait for the rate limit', labels: ['account'] },
};

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

/** Numbers about this process in the Prometheus text format. */
export interface PromMetrics extends Metrics {
  text(): Promise<string>;
  readonly contentType: string;
}

/** Every name is there from the start, with the prefix `bridge_`. */
export function createPromMetrics(): PromMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'bridge_' });
  const counters = made(COUNTERS, (options) => new PromCounter(options), registry, '_total');
  const timers = made(
    TIMERS,
    (options) => new Histogram({ ...options, buckets: SECONDS }),
    registry,
    '',
  );
  const gauges = made(GAUGES, (options) => new PromGauge(options), registry, '');
  return {
    count: (name, labels = {}) => {
      counters[name].inc({ ...labels });
    },
    time: (name, seconds, labels: Labels = {}) => {
      timers[name].observe({ ...labels }, seconds);
    },
    set: (name, value, labels = {}) => {
      gauges[name].set({ ...labels }, value);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers: Registry[];
}

function made<Name extends string, T>(
  shapes: Readonly<Record<Name, Shape>>,
  make: (options: MetricOptions) => T,
  registry: Registry,
  suffix: string,
): Record<Name, T> {
  const names = Object.keys(shapes) as Name[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      make({
        name: `bridge_${name}${suffix}`,
        help: shapes[name].help,
        labelNames: [...shapes[name].labels],
        registers: [registry],
      }),
    ]),
  ) as Record<Name, T>;
}
