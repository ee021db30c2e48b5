import { describe, expect, it } from 'vitest';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { recipeField, versionInput } from '../../testing/recipes.fake.ts';
import type { FieldType, RecipeField, VersionInput } from './recipe.ts';
import { checkVersionInput, scriptSizeTrouble } from './version-rules.ts';

const machine = { cores: 1, memoryMb: 512, diskGb: 5, archs: [] };
const http = { kind: 'http', port: 80, path: '/', status: 200, contains: '' } as const;

function argumentOf(change: Partial<VersionInput>): string | undefined {
  const checked = checkVersionInput(versionInput(change));
  return checked.kind === 'err' ? checked.error.argument : undefined;
}

function fieldRule(change: Partial<RecipeField>): string | undefined {
  const checked = checkVersionInput(versionInput({ fields: [recipeField(change)] }));
  return checked.kind === 'err' ? checked.error.rule : undefined;
}

describe('checkVersionInput', () => {
  it.each([
    {},
    { script: 'x'.repeat(65_536) },
    { script: '\n'.repeat(3_999) },
    { rollbackScript: 'exit 0' },
    { images: ['ubuntu-24.04', 'debian-13'] },
    { minMachine: { ...machine, archs: ['x86', 'arm'] } },
    { health: { ...http, path: '/status.php?x=1', contains: '"installed":true' } },
    { health: { kind: 'command', command: 'systemctl is-active nginx' } },
    { fields: [recipeField({ name: 'PORT' })], serviceUrl: 'https://{hostname}:{PORT}/{ip}' },
    { expectedDowntimeNs: durationNs({ hours: 6 }) },
  ] as const satisfies readonly Partial<VersionInput>[])('accepts %#', (change) => {
    expect(argumentOf(change)).toBeUndefined();
  });

  it.each([
    ['semver', { semver: '1.0' }],
    ['semver', { semver: '1.0.0+build' }],
    ['script', { script: '' }],
    ['script', { script: 'x'.repeat(65_537) }],
    ['script', { script: 'a\0b' }],
    ['script', { script: '\n'.repeat(4_000) }],
    ['rollback_script', { rollbackScript: '' }],
    ['min_machine', { minMachine: { ...machine, cores: 1_025 } }],
    ['min_machine', { minMachine: { ...machine, archs: ['arm', 'arm'] } }],
    ['images', { images: ['a', 'a'] }],
    ['images', { images: [''] }],
    ['images', { images: Array.from({ length: 17 }, String) }],
    ['health', { health: { ...http, port: 0 } }],
    ['health', { health: { ...http, port: 65_536 } }],
    ['health', { health: { ...http, path: 'status' } }],
    ['health', { health: { ...http, path: '/a b' } }],
    ['health', { health: { ...http, status: 99 } }],
    ['health', { health: { ...http, contains: 'x'.repeat(201) } }],
    ['health', { health: { kind: 'tcp', port: 70_000 } }],
    ['health', { health: { kind: 'command', command: '' } }],
    ['health', { health: { kind: 'command', command: 'a\nb' } }],
    ['service_url', { serviceUrl: 'ftp://{ip}' }],
    ['service_url', { serviceUrl: 'javascript:alert(1)' }],
    ['service_url', { serviceUrl: 'http://{ip}:{PORT}' }],
    ['service_url', { serviceUrl: 'http://{ip' }],
    ['service_url', { serviceUrl: 'http://{ip}/ x' }],
    ['service_url', { serviceUrl: `http://${'x'.repeat(200)}` }],
    ['post_install_notes', { postInstallNotes: 'x'.repeat(4_001) }],
    ['changelog', { changelog: 'a\u0000' }],
    ['expected_downtime_ns', { expectedDowntimeNs: durationNs({ hours: 7 }) }],
  ] as readonly (readonly [string, Partial<VersionInput>])[])('refuses a wrong %s', (...at) => {
    const [argument, change] = at;
    expect(argumentOf(change)).toBe(argument);
  });

  it('never fills a secret into a service URL', () => {
    for (const kind of ['secret', 'generated-secret'] as const) {
      const type: FieldType = kind === 'secret' ? { kind } : { kind, length: 20 };
      const fields = [recipeField({ name: 'TOKEN', fieldType: type })];
      expect(argumentOf({ fields, serviceUrl: 'http://{ip}/{TOKEN}' })).toBe('service_url');
    }
  });

  it('bounds scripts by bytes, too', () => {
    expect(scriptSizeTrouble(65_536, 'script')).toBeUndefined();
    expect(scriptSizeTrouble(65_537, 'script')).toMatchObject({ argument: 'script' });
  });
});

describe('the fields of a version', () => {
  it.each([
    { name: 'A' },
    { name: 'A_1'.padEnd(40, 'X') },
    { fieldType: { kind: 'text', default: 'abc', maxLength: 3 } },
    { fieldType: { kind: 'number', default: -1, min: -1, max: -1 } },
    { fieldType: { kind: 'number', default: 0, min: -(10 ** 12), max: 10 ** 12 } },
    { fieldType: { kind: 'choice', options: ['a'], default: 'a' } },
    { fieldType: { kind: 'generated-secret', length: 12 } },
    { fieldType: { kind: 'port', default: 65_535 } },
  ] as const satisfies readonly Partial<RecipeField>[])('accept %j', (change) => {
    expect(fieldRule(change)).toBeUndefined();
  });

  it.each([
    [{ name: '' }, 'a name must be'],
    [{ name: 'lower' }, 'a name must be'],
    [{ name: '1A' }, 'a name must be'],
    [{ name: '_A' }, 'a name must be'],
    [{ name: 'A-B' }, 'a name must be'],
    [{ name: 'A'.repeat(41) }, 'a name must be'],
    [{ name: 'PATH' }, 'another meaning'],
    [{ name: 'LD_PRELOAD' }, 'another meaning'],
    [{ name: 'DC_RENTAL' }, 'another meaning'],
    [{ label: '' }, 'DOMAIN: label'],
    [{ help: 'x'.repeat(301) }, 'DOMAIN: help'],
    [{ fieldType: { kind: 'text', default: '', maxLength: 0 } }, 'max_length'],
    [{ fieldType: { kind: 'text', default: '', maxLength: 4_097 } }, 'max_length'],
    [{ fieldType: { kind: 'text', default: 'abcd', maxLength: 3 } }, 'default'],
    [{ fieldType: { kind: 'number', default: 3, min: 0, max: 2 } }, 'default'],
    [{ fieldType: { kind: 'number', default: 0, min: 1, max: 0 } }, 'max'],
    [{ fieldType: { kind: 'number', default: 0, min: -(10 ** 13), max: 0 } }, 'min'],
    [{ fieldType: { kind: 'choice', options: [], default: '' } }, 'options'],
    [{ fieldType: { kind: 'choice', options: ['a', 'a'], default: 'a' } }, 'options'],
    [{ fieldType: { kind: 'choice', options: ['a'], default: 'b' } }, 'default'],
    [{ fieldType: { kind: 'generated-secret', length: 11 } }, 'length'],
    [{ fieldType: { kind: 'generated-secret', length: 129 } }, 'length'],
    [{ fieldType: { kind: 'port', default: 0 } }, 'default'],
  ] as readonly (readonly [Partial<RecipeField>, string])[])('refuse %j', (...at) => {
    const [change, rule] = at;
    expect(fieldRule(change)).toContain(rule);
  });

  it('are at most 24, with names and ports that differ', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => recipeField({ name: `F${at}` }));
    expect(argumentOf({ fields: many(24) })).toBeUndefined();
    expect(argumentOf({ fields: many(25) })).toBe('fields');
    expect(argumentOf({ fields: [recipeField(), recipeField()] })).toBe('fields');
    const port = { kind: 'port', default: 80 } as const;
    const ports = [
      recipeField({ name: 'A', fieldType: port }),
      recipeField({ name: 'B', fieldType: port }),
    ];
    expect(argumentOf({ fields: ports })).toBe('fields');
  });
});
