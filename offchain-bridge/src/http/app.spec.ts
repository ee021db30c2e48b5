import { beforeEach, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApp } from './app.ts';

let app: Hono;

beforeEach(() => {
  app = createApp();
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
