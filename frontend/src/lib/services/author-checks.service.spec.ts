import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { draftTroubles } from './author-checks.service.ts';
import {
  draftOfVersion,
  EMPTY_DRAFT,
  FIELD_KINDS,
  HEALTH_KINDS,
  newField,
  parseDraft,
  type FieldDraft,
  type FieldKind,
  type VersionDraft,
} from './author-draft.service.ts';
import { inputOfDraft } from './author-input.service.ts';

function field(change: Partial<FieldDraft>): FieldDraft {
  return { ...newField(change.kind ?? 'Text', 'one'), name: 'ONE', label: 'One', ...change };
}

function troubles(change: Partial<VersionDraft>, published: readonly string[] = []): string[] {
  return [...draftTroubles({ ...EMPTY_DRAFT, ...change }, published).keys()];
}

describe('draftTroubles', () => {
  it('finds nothing wrong with the first draft', () => {
    expect(troubles({})).toEqual([]);
  });

  it.each<[string, Partial<VersionDraft>]>([
    ['semver', { semver: '1.0' }],
    ['script', { script: ' \n' }],
    ['script', { script: 'x'.repeat(65_537) }],
    ['script', { script: 'ä'.repeat(32_769) }],
    ['script', { script: '\n'.repeat(4_000) }],
    ['script', { script: 'a\0b' }],
    ['rollbackScript', { hasRollback: true }],
    ['cores', { cores: '' }],
    ['cores', { cores: '1.5' }],
    ['memoryMb', { memoryMb: '-1' }],
    ['diskGb', { diskGb: '1048577' }],
    ['images', { images: 'a\na' }],
    ['images', { images: Array.from({ length: 17 }, (_, at) => `i${at}`).join('\n') }],
    ['healthPort', { healthPort: '0' }],
    ['healthPort', { healthKind: 'Tcp', healthPort: '65536' }],
    ['healthPath', { healthPath: 'x' }],
    ['healthPath', { healthPath: '/a b' }],
    ['healthStatus', { healthStatus: '99' }],
    ['healthCommand', { healthKind: 'Command' }],
    ['serviceUrl', { serviceUrl: 'ftp://x' }],
    ['serviceUrl', { serviceUrl: 'http://{ip}/{TOKEN}' }],
    ['notes', { notes: 'x'.repeat(4_001) }],
    ['changelog', { changelog: 'a\u202eb' }],
    ['downtimeMinutes', { downtimeMinutes: '361' }],
    ['fields', { fields: [field({}), field({})] }],
    [
      'fields',
      {
        fields: [
          field({ kind: 'Port', initial: '80' }),
          field({ kind: 'Port', initial: ' 80', name: 'B' }),
        ],
      },
    ],
    ['fields.0.name', { fields: [field({ name: 'one' })] }],
    ['fields.0.name', { fields: [field({ name: 'PATH' })] }],
    ['fields.0.name', { fields: [field({ name: 'DC_X' })] }],
    ['fields.0.label', { fields: [field({ label: '' })] }],
    ['fields.0.help', { fields: [field({ help: 'x'.repeat(301) })] }],
    ['fields.0.maxLength', { fields: [field({ maxLength: '4097' })] }],
    ['fields.0.initial', { fields: [field({ maxLength: '2', initial: 'abc' })] }],
    ['fields.0.initial', { fields: [field({ kind: 'Number', initial: '101' })] }],
    ['fields.0.max', { fields: [field({ kind: 'Number', min: '5', max: '4', initial: '5' })] }],
    ['fields.0.options', { fields: [field({ kind: 'Choice', options: 'a\na', initial: 'a' })] }],
    ['fields.0.initial', { fields: [field({ kind: 'Choice', options: 'a\nb', initial: 'c' })] }],
    ['fields.0.initial', { fields: [field({ kind: 'Port', initial: 'x' })] }],
    ['fields.0.length', { fields: [field({ kind: 'GeneratedSecret', length: '11' })] }],
  ])('finds a wrong %s and nothing else', (key, change) => {
    expect(troubles(change)).toEqual([key]);
  });

  it('knows what was published', () => {
    expect(troubles({}, ['1.0.0'])).toEqual(['semver']);
  });

  it('lets secrets stay out of addresses', () => {
    const fields = [field({ kind: 'Secret', name: 'KEY' }), field({ name: 'USER_NAME' })];
    expect(troubles({ fields, serviceUrl: 'http://{ip}/{KEY}' })).toEqual(['serviceUrl']);
    expect(troubles({ fields, serviceUrl: 'http://{ip}/{USER_NAME}' })).toEqual([]);
  });
});

describe('inputOfDraft', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9]{2,8}$/).filter((text) => text !== 'SHELL');
  const fields = fc.uniqueArray(
    fc.record({ kind: fc.constantFrom(...FIELD_KINDS), name, isRequired: fc.boolean() }),
    { maxLength: 5, selector: (one) => one.name },
  );
  const drafts = fc
    .record({
      asked: fields,
      healthKind: fc.constantFrom(...HEALTH_KINDS),
      hasRollback: fc.boolean(),
      isBreaking: fc.boolean(),
      cores: fc.nat({ max: 64 }).map(String),
      downtimeMinutes: fc.nat({ max: 360 }).map(String),
    })
    .map(({ asked, ...rest }): VersionDraft => ({
      ...EMPTY_DRAFT,
      ...rest,
      rollbackScript: 'echo back\n',
      healthCommand: 'true',
      fields: asked.map((one, at) => ({
        ...field(one),
        key: one.name,
        initial: initialOf(one.kind, at),
        options: 'a\nb',
      })),
    }));

  test.prop([drafts])('of a sound draft is the draft again once it is published', (draft) => {
    expect([...draftTroubles(draft, [])]).toEqual([]);
    const input = inputOfDraft(draft);
    const [rollbackScript] = input.rollback_script;
    const { script } = input;
    const again = draftOfVersion(publishedOf(input), { script, rollbackScript });
    expect(inputOfDraft({ ...again, semver: draft.semver, isBreaking: draft.isBreaking })).toEqual(
      input,
    );
  });

  test.prop([drafts])('survives being kept', (draft) => {
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  });

  it('does not take anything else for a draft', () => {
    expect(parseDraft('')).toBeUndefined();
    expect(parseDraft('{"semver":1}')).toBeUndefined();
  });
});

function initialOf(kind: FieldKind, at: number): string {
  if (kind === 'Choice') return 'b';
  if (kind === 'Number') return '7';
  return kind === 'Port' ? String(8_000 + at) : '';
}

function publishedOf(input: Rental.VersionInput): Rental.RecipeVersion {
  const { script, rollback_script: rollback, ...rest } = input;
  return {
    ...rest,
    recipe_id: 0n,
    number: 0,
    script_sha256: '',
    script_bytes: script.length,
    rollback_sha256: rollback.length === 0 ? [] : [''],
    status: { Published: null },
    published_at_ns: 0n,
  };
}
