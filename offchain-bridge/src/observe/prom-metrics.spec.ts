import { describe, expect, it } from 'vitest';
import { createPromMetrics } from './prom-metrics.ts';

describe('createPromMetrics', () => {
  it('counts, times and sets under the names that Prometheus expects', async () => {
    const metrics = createPromMetrics();
    metrics.count('jobs_claimed', { kind: 'provision' });
    metrics.count('jobs_claimed', { kind: 'provision' });
    metrics.time('job_seconds', 12, { kind: 'provision' });
    metrics.set('jobs_in_hand', 3);
    const text = await metrics.text();
    expect(text).toContain('bridge_jobs_claimed_total{kind="provision"} 2');
    expect(text).toContain('bridge_job_seconds_bucket{le="30",kind="provision"} 1');
    expect(text).toContain('bridge_jobs_in_hand 3');
  });

  it('shows counters that never counted as zero', async () => {
    expect(await createPromMetrics().text()).toContain('bridge_foreign_servers_total 0');
  });
});
