import { beforeEach, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createPromMetrics } from '../observe/prom-metrics.ts';
import { createApp } from './app.ts';
import type { BridgeStatus, ReadyCheck } from './status.ts';

const STATUS: BridgeStatus = {
  version: '0.1.0',
  worker: 'one',
  principal: 'aaaaa-aa',
  isDraining: false,
  startedAt: '2026-11-23T00:00:00.000Z',
  canister: { id: 'aaaaa-aa', isReachable: true, answeredAgoMs: 5, clockOffsetMs: 0 },
  jobs: [{ jobId: 1, kind: 'provision', rentalId: 2, epoch: 3, inHandMs: 4, leaseMs: 5 }],
  accounts: [],
  backlog: {
    machinesToMake: 2,
    machinesToDelete: 1,
    healthTargets: 0,
    healthRowsWaiting: 0,
    straysWaiting: 0,
  },
};

let checks: readonly ReadyCheck[];
let app: Hono;

beforeEach(() => {
  checks = [{ name: 'canister', isOk: true, detail: 'answered' }];
  const metrics = createPromMetrics();
  app = createApp({ checks: () => checks, status: () => STATUS, metrics });
});

describe('createApp', () => {
  it('answers /healthz with ok', async () => {
    const response = await app.request('/healthz');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('ok');
  });

  it('answers HEAD /healthz, which load balancers send', async () => {
    const response = await app.request('/healthz', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it('is ready while every check is ok', async () => {
    const response = await app.request('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ isReady: true, checks });
  });

  it('answers 503 with the checks when one fails', async () => {
    checks = [...checks, { name: 'clock', isOk: false, detail: 'five minutes behind' }];
    const response = await app.request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ isReady: false, checks });
  });

  it('shows what it is doing', async () => {
    expect(await (await app.request('/status')).json()).toEqual(STATUS);
  });

  it('shows its numbers to Prometheus', async () => {
    const response = await app.request('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('bridge_jobs_in_hand 0');
  });

  it('sends headers that stop content sniffing and framing', async () => {
    const { headers } = await app.request('/healthz');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });

  it('answers an unknown path with 404', async () => {
    const response = await app.request('/nowhere');
    expect(response.status).toBe(404);
  });

  it('tells nothing about an error that nobody caught', async () => {
    app.get('/fails', () => {
      throw new Error('secret detail');
    });
    const response = await app.request('/fails');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('internal error');
  });
});
