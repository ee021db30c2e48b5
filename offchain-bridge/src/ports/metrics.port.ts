/** Counted events; Prometheus appends `_total`. */
export type Counter =
  /** Labels: kind. */
  | 'jobs_claimed'
  /** Labels: kind, outcome (succeeded, problem class, lost). */
  | 'jobs_ended'
  | 'leases_lost'
  /** Calls to the canister. Labels: method, outcome (ok, refused, unavailable). */
  | 'canister_calls'
  /** A server of our name that is not ours. */
  | 'foreign_servers'
  | 'servers_created'
  | 'servers_deleted'
  | 'strays_deleted'
  /** Labels: result (up, down, unknown). */
  | 'probes'
  /** Labels: to (up, down). */
  | 'flips'
  | 'catalogues_published'
  /** Labels: worker. A round that ended by an error. */
  | 'worker_failures';

/** Durations in seconds. */
export type Timer =
  /** Labels: kind. */
  'job_seconds' | 'canister_call_seconds' | 'probe_seconds' | 'time_to_ready_seconds';

/** Values that go up and down. */
export type Gauge =
  | 'jobs_in_hand'
  | 'health_targets'
  | 'strays_waiting'
  /** Of all processes of this identity. */
  | 'machines_to_make'
  | 'machines_to_delete'
  /** The canister's clock minus ours. */
  | 'clock_offset_seconds'
  /** Labels: account. As the cloud last said. */
  | 'rate_remaining'
  /** Labels: account. Requests that wait for the rate limit. */
  | 'rate_waiting';

/** Names and values that tell numbers of one kind apart. */
export type Labels = Readonly<Record<string, string>>;

/** Where numbers about the process go. */
export interface Metrics {
  count(name: Counter, labels?: Labels): void;
  time(name: Timer, seconds: number, labels?: Labels): void;
  set(name: Gauge, value: number, labels?: Labels): void;
}
