/** One measured thing. Names follow Prometheus: `dc_rental_accounts`, units last. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | bigint;
}

/** A metric with one sample. */
export function gauge(metric: {
  readonly name: string;
  readonly help: string;
  readonly value: number | bigint;
}): Metric {
  const { name, help, value } = metric;
  return { name, help, kind: 'gauge', samples: [{ value }] };
}

/** Prometheus text format 0.0.4. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(metricText).join('');
}

function metricText({ name, help, kind, samples }: Metric): string {
  const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind}\n`;
  const lines = samples.map(
    ({ labels, value }) => `${name}${labelText(labels)} ${value.toString()}\n`,
  );
  return head + lines.join('');
}

function labelText(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}
