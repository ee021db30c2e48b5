import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  exampleUrl,
  fieldWords,
  healthWords,
  minMachineWords,
  portsOf,
  recipeSlug,
  statusWords,
  timesWords,
} from './recipe-words.service.ts';

function field(name: string, type: Rental.RecipeField['field_type']): Rental.RecipeField {
  return { name, label: name, help: '', is_required: true, field_type: type };
}

const PORT = field('PORT', { Port: { default: 8_080 } });
const NAME = field('NAME', { Text: { default: '', max_length: 20 } });

describe('recipe words', () => {
  it('fills an example address in', () => {
    expect(exampleUrl('https://{hostname}:{PORT}/{NAME}', [PORT, NAME])).toBe(
      'https://machine.example:8080/name',
    );
    expect(exampleUrl('http://{ip}/{OTHER}', [])).toBe('http://203.0.113.7/{OTHER}');
  });

  it('names each port once', () => {
    const health: Rental.HealthCheck = { Tcp: { port: 8_080 } };
    expect(portsOf({ fields: [PORT], health }).map(({ port }) => port)).toEqual([8_080]);
    expect(portsOf({ fields: [PORT], health: { Tcp: { port: 22 } } })).toHaveLength(2);
    expect(portsOf({ fields: [], health: { Command: { command: 'true' } } })).toEqual([]);
  });

  it('says what a machine must have', () => {
    const any = { cores: 0, memory_mb: 0, disk_gb: 0, archs: [] };
    expect(minMachineWords(any)).toBe('Any machine');
    expect(minMachineWords({ ...any, cores: 1, memory_mb: 512, archs: [{ Arm: null }] })).toBe(
      '1 core, 512 MB memory, ARM',
    );
  });

  it('says when it works', () => {
    const http = { Http: { port: 80, path: '/', status: 200, contains: 'ok' } };
    expect(healthWords(http)).toBe('HTTP on port 80: / answers with 200, with “ok” in it');
    expect(healthWords({ Tcp: { port: 22 } })).toBe('Port 22 takes connections');
  });

  it('says why a version is not advised', () => {
    expect(statusWords({ Published: null })).toBeUndefined();
    expect(statusWords({ Yanked: { reason: 'bad' } })).toMatchObject({
      tone: 'bad',
      reason: 'bad',
    });
  });

  it('makes nothing up where nothing ran', () => {
    const none: Rental.RunStats = { runs: 0n, successes: 0n, p50_seconds: [], p95_seconds: [] };
    expect(timesWords(none)).toBeUndefined();
    expect(timesWords({ ...none, p50_seconds: [60n], p95_seconds: [90n] })).toBe(
      'Half are ready within 1 min, 95 of 100 within 1 min 30 s',
    );
  });

  it('never shows a secret’s value, and every other default', () => {
    expect(fieldWords(field('S', { Secret: null })).initial).toBe('');
    expect(fieldWords(field('N', { Number: { default: 3n, min: 1n, max: 5n } }))).toMatchObject({
      initial: '3',
      type: 'Whole number, 1 to 5',
    });
  });

  it('takes the number for a name that could be one', () => {
    expect(recipeSlug({ id: 4n, name: 'blog-2' })).toBe('blog-2');
    expect(recipeSlug({ id: 4n, name: '100' })).toBe('4');
  });
});
