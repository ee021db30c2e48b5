import { describe, expect, it } from 'vitest';
import type { ErrorClass } from '../../core/job-report.ts';
import { HetznerError, type HetznerFailure } from './hetzner-error.ts';
import { classOf, isRetryable, workErrorOf, type Purpose } from './hetzner-errors.ts';

const MACHINE = {
  machineType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  arch: 'x86',
  cores: 2,
  memoryMb: 4_096,
  diskGb: 40,
  country: 'DE',
} as const;
const CREATE: Purpose = { kind: 'create', name: 'dc-market-7', machine: MACHINE };
const READ: Purpose = { kind: 'read' };
const DELETE: Purpose = { kind: 'delete' };
const SWITCH: Purpose = { kind: 'act', isRepeatable: true };
const REBOOT: Purpose = { kind: 'act', isRepeatable: false };

function refusal(
  status: number,
  code?: string,
  more: Partial<Extract<HetznerFailure, { kind: 'refused' }>> = {},
): HetznerFailure {
  return { kind: 'refused', status, code, fields: [], limits: [], ...more };
}

function errorOf(failure: HetznerFailure, message = 'raw words'): HetznerError {
  return new HetznerError(failure, message, 'corr-1');
}

describe('classOf', () => {
  it.each<[number, string, ErrorClass, ErrorClass]>([
    // HTTP, code, class of an order, class of a question
    [422, 'invalid_input', 'config', 'config'],
    [422, 'invalid_server_type', 'config', 'config'],
    [422, 'unsupported_error', 'config', 'config'],
    [400, 'json_error', 'config', 'config'],
    [410, 'deprecated_api_endpoint', 'config', 'config'],
    [404, 'not_found', 'config', 'config'],
    [423, 'protected', 'config', 'config'],
    [412, 'resource_unavailable', 'capacity', 'transient'],
    [503, 'resource_unavailable', 'capacity', 'transient'],
    [412, 'placement_error', 'capacity', 'transient'],
    [503, 'unavailable', 'capacity', 'transient'],
    [403, 'resource_limit_exceeded', 'quota', 'quota'],
    [401, 'unauthorized', 'auth', 'auth'],
    [403, 'forbidden', 'auth', 'auth'],
    [403, 'token_readonly', 'auth', 'auth'],
    [409, 'uniqueness_error', 'exists', 'transient'],
    [409, 'conflict', 'transient', 'transient'],
    [423, 'locked', 'transient', 'transient'],
    [429, 'rate_limit_exceeded', 'transient', 'transient'],
    [503, 'maintenance', 'transient', 'transient'],
    [422, 'must_be_unassigned', 'transient', 'transient'],
    [504, 'timeout', 'unknown', 'transient'],
    [502, 'bad_gateway', 'unknown', 'transient'],
    [500, 'service_error', 'unknown', 'transient'],
    [500, 'server_error', 'unknown', 'transient'],
    // Codes of tomorrow.
    [422, 'something_new', 'config', 'transient'],
    [500, 'something_new', 'unknown', 'transient'],
  ])('HTTP %i %s: %s for an order, %s for a question', (status, code, order, question) => {
    expect(classOf(refusal(status, code), CREATE)).toBe(order);
    expect(classOf(refusal(status, code), READ)).toBe(question);
    expect(classOf(refusal(status, code), DELETE)).toBe(question);
  });

  it('goes by the code, whatever the status', () => {
    expect(classOf(refusal(500, 'resource_unavailable'), CREATE)).toBe('capacity');
    expect(classOf(refusal(400, 'unauthorized'), READ)).toBe('auth');
  });

  it.each<[string, HetznerFailure, ErrorClass]>([
    ['a page of a proxy, 502', refusal(502), 'unknown'],
    ['a page of a proxy, 403', refusal(403), 'transient'],
    ['an empty 404', refusal(404), 'transient'],
    ['a redirect', refusal(302), 'transient'],
    ['an answer that cannot be read', { kind: 'unreadable', status: 201 }, 'unknown'],
    ['no connection', { kind: 'not-sent' }, 'transient'],
    ['a connection that broke', { kind: 'lost' }, 'unknown'],
    ['a caller who gave up', { kind: 'given-up' }, 'unknown'],
  ])('%s, after an order', (_name, failure, expected) => {
    expect(classOf(failure, CREATE)).toBe(expected);
    expect(classOf(failure, READ)).toBe('transient');
    expect(classOf(failure, DELETE)).toBe('transient');
    expect(classOf(failure, SWITCH)).toBe('transient');
    expect(classOf(failure, REBOOT)).toBe(expected);
  });
});

describe('isRetryable', () => {
  it('never sends an order for a server again', () => {
    for (const code of ['conflict', 'bad_gateway', 'timeout', 'server_error']) {
      expect(isRetryable(errorOf(refusal(500, code)), CREATE)).toBe(false);
    }
    expect(isRetryable(errorOf({ kind: 'not-sent' }), CREATE)).toBe(false);
    expect(isRetryable(errorOf({ kind: 'lost' }), CREATE)).toBe(false);
  });

  it('asks, deletes and switches again', () => {
    for (const purpose of [READ, DELETE, SWITCH]) {
      expect(isRetryable(errorOf(refusal(502)), purpose)).toBe(true);
      expect(isRetryable(errorOf({ kind: 'lost' }), purpose)).toBe(true);
      expect(isRetryable(errorOf(refusal(409, 'conflict')), purpose)).toBe(true);
    }
  });

  it('reboots again only if the first one was not done', () => {
    expect(isRetryable(errorOf(refusal(409, 'conflict')), REBOOT)).toBe(true);
    expect(isRetryable(errorOf(refusal(502)), REBOOT)).toBe(false);
    expect(isRetryable(errorOf({ kind: 'lost' }), REBOOT)).toBe(false);
  });

  it('does not insist where a call is too short, or a caller gone', () => {
    expect(isRetryable(errorOf(refusal(423, 'locked')), DELETE)).toBe(false);
    expect(isRetryable(errorOf(refusal(503, 'maintenance')), READ)).toBe(false);
    expect(isRetryable(errorOf({ kind: 'given-up' }), READ)).toBe(false);
    expect(isRetryable(errorOf(refusal(401, 'unauthorized')), READ)).toBe(false);
  });
});

describe('workErrorOf', () => {
  const message = (failure: HetznerFailure, purpose: Purpose = CREATE): string =>
    workErrorOf(errorOf(failure), purpose).message;

  it('says in plain words what happened to an order', () => {
    expect(message(refusal(412, 'resource_unavailable'))).toBe(
      'Hetzner has no cx23 in fsn1 right now.',
    );
    const limits = { limits: ['primary_ip_limit'] };
    expect(message(refusal(403, 'resource_limit_exceeded', limits))).toContain(
      'at its limit of public addresses. No machine was made.',
    );
    expect(message(refusal(403, 'resource_limit_exceeded'))).toContain('limit of what it may have');
    expect(message(refusal(409, 'uniqueness_error'))).toContain('dc-market-7 already');
    expect(message({ kind: 'lost' })).toContain('may exist or not');
    expect(message({ kind: 'not-sent' })).toContain('nothing was changed');
  });

  it("adds Hetzner's own words only where somebody has to change something", () => {
    const text = message(refusal(422, 'invalid_input', { fields: ['image'] }));
    expect(text).toContain('refuses to make cx23 in fsn1 with ubuntu-24.04. No machine was made.');
    expect(text).toContain('It does not like: image.');
    expect(text).toContain('raw words');
    for (const code of ['unauthorized', 'token_readonly', 'locked', 'resource_unavailable']) {
      expect(message(refusal(400, code))).not.toContain('raw words');
    }
  });

  it('says when to come again, and keeps what Hetzner said as the cause', () => {
    expect(workErrorOf(errorOf(refusal(423, 'locked')), DELETE).retryAfterMs).toBe(5_000);
    expect(workErrorOf(errorOf(refusal(503, 'maintenance')), READ).retryAfterMs).toBe(60_000);
    const error = workErrorOf(errorOf(refusal(502)), READ);
    expect(error.retryAfterMs).toBe(0);
    expect(error.cause).toMatchObject({ message: 'raw words', correlationId: 'corr-1' });
  });

  it('has words for every class and purpose', () => {
    for (const purpose of [CREATE, READ, DELETE, SWITCH, REBOOT]) {
      for (const code of ['uniqueness_error', 'unavailable', 'new_word', 'not_found', undefined]) {
        for (const status of [404, 409, 500]) {
          expect(message(refusal(status, code), purpose)).toMatch(/^[A-Z].*[.)]$/);
        }
      }
    }
  });
});
