import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedInputs, checkInputs, healthWith, NO_INPUTS, type RentalInputs } from './inputs.ts';
import type { FieldType, RecipeField } from './recipe.ts';

function field(name: string, type: FieldType, isRequired = false): RecipeField {
  return { name, label: name, help: '', isRequired, fieldType: type };
}

const text: FieldType = { kind: 'text', default: 'me', maxLength: 5 };
const size: FieldType = { kind: 'number', default: 3, min: -5, max: 10 };
const tier: FieldType = { kind: 'choice', options: ['small', 'large'], default: 'small' };
const port: FieldType = { kind: 'port', default: 8080 };
const fields = [
  field('NAME', text),
  field('SIZE', size),
  field('TIER', tier),
  field('PORT', port),
  field('TOKEN', { kind: 'secret' }),
  field('ADMIN_PASSWORD', { kind: 'generated-secret', length: 20 }),
];

function given(values: Readonly<Record<string, string>>, secretNames: readonly string[] = []) {
  const entries = Object.entries(values);
  return { values: entries.map(([name, value]) => ({ name, value })), secretNames };
}

function ruleOf(asked: readonly RecipeField[], inputs: RentalInputs): string {
  const checked = checkInputs({ fields: asked, inputs });
  return checked.kind === 'err' ? checked.error.rule : expect.fail('it was accepted');
}

describe('checkInputs', () => {
  it('fills in defaults, in the order of the fields', () => {
    const inputs = given({ PORT: '9000', NAME: 'you' });
    expect(checkInputs({ fields, inputs })).toEqual({
      kind: 'ok',
      value: given({ NAME: 'you', SIZE: '3', TIER: 'small', PORT: '9000' }),
    });
  });

  it('keeps names of secrets, never values', () => {
    expect(checkInputs({ fields, inputs: given({}, ['TOKEN']) })).toMatchObject({
      value: { secretNames: ['TOKEN'] },
    });
    expect(ruleOf(fields, given({ TOKEN: 'plain' }))).toContain('no value "TOKEN"');
    expect(ruleOf(fields, given({}, ['ADMIN_PASSWORD']))).toContain('no secret "ADMIN_PASSWORD"');
  });

  it.each([
    [{ NAME: 'longer' }, 'NAME must be 0 to 5 characters'],
    [{ NAME: 'a\u0000' }, 'NAME must hold no control characters'],
    [{ NAME: 'a\rb' }, 'NAME must hold no control characters'],
    [{ SIZE: '11' }, 'SIZE must be a whole number from -5 to 10'],
    [{ SIZE: '1.5' }, 'SIZE must be'],
    [{ SIZE: '1e0' }, 'SIZE must be'],
    [{ SIZE: '01' }, 'SIZE must be'],
    [{ SIZE: '' }, 'SIZE must be'],
    [{ SIZE: 'NaN' }, 'SIZE must be'],
    [{ TIER: 'huge' }, 'TIER must be one of small, large'],
    [{ PORT: '0' }, 'PORT must be'],
    [{ PORT: '65536' }, 'PORT must be'],
    [{ OTHER: '1' }, 'asks for no value "OTHER"'],
  ])('refuses %j', (values: Record<string, string>, rule) => {
    expect(ruleOf(fields, given(values))).toContain(rule);
  });

  it('takes text with lines and tabs, and the ends of ranges', () => {
    for (const values of [{ NAME: 'a\n\tb' }, { SIZE: '-5' }, { SIZE: '10' }, { PORT: '65535' }]) {
      expect(checkInputs({ fields, inputs: given(values) }).kind).toBe('ok');
    }
  });

  it('asks for what is required and has no default', () => {
    const asked = [
      field('A', { ...text, default: '' }, true),
      field('B', { kind: 'secret' }, true),
    ];
    expect(ruleOf(asked, given({}, ['B']))).toBe('A must be given');
    expect(ruleOf(asked, given({ A: 'x' }))).toBe('B must be given, sealed');
    expect(checkInputs({ fields: asked, inputs: given({ A: 'x' }, ['B']) }).kind).toBe('ok');
  });

  it('refuses one port for two purposes', () => {
    const asked = [field('WEB', port), field('ADMIN', { kind: 'port', default: 9090 })];
    expect(ruleOf(asked, given({ WEB: '9090' }))).toBe('two ports are the same');
    expect(checkInputs({ fields: asked, inputs: given({ WEB: '9090', ADMIN: '8080' }) }).kind).toBe(
      'ok',
    );
  });

  it('refuses names that come twice, too many and too long', () => {
    const twice = { values: [...given({ NAME: 'a' }).values, ...given({ NAME: 'b' }).values] };
    expect(ruleOf(fields, { ...twice, secretNames: [] })).toContain('twice');
    expect(ruleOf(fields, given({ NAME: 'a' }, ['NAME']))).toContain('twice');
    const many = Array.from({ length: 65 }, (_, at) => `N${at}`);
    expect(ruleOf(fields, given({}, many))).toContain('at most 64');
    expect(ruleOf(fields, given({ NAME: 'x'.repeat(4_097) }))).toContain('longer than 4096');
  });

  it('takes what it gave', () => {
    const value = fc.oneof(fc.string({ maxLength: 6 }), fc.integer({ max: 12 }).map(String));
    const names = fc.constantFrom('NAME', 'SIZE', 'TIER', 'PORT');
    fc.assert(
      fc.property(fc.dictionary(names, value), fc.subarray(['TOKEN']), (values, secrets) => {
        const first = checkInputs({ fields, inputs: given(values, secrets) });
        if (first.kind === 'err') return;
        expect(checkInputs({ fields, inputs: first.value })).toEqual(first);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('carriedInputs', () => {
  it('keeps what the new version still takes and puts new answers over it', () => {
    const before = given({ NAME: 'me', SIZE: '9', TIER: 'small', GONE: 'x' }, ['TOKEN', 'OLD']);
    const smaller = [field('NAME', text), field('SIZE', { ...size, default: 1, max: 2 })];
    const next = [...smaller, field('TIER', tier), field('TOKEN', { kind: 'secret' })];
    const now = given({ TIER: 'large' });
    expect(carriedInputs({ fields: next, before, now })).toEqual(
      given({ NAME: 'me', TIER: 'large' }, ['TOKEN']),
    );
  });

  it('can always be checked again by the same fields', () => {
    const first = checkInputs({ fields, inputs: given({ SIZE: '7' }, ['TOKEN']) });
    const before = first.kind === 'ok' ? first.value : expect.fail('it was refused');
    const carried = carriedInputs({ fields, before, now: NO_INPUTS });
    expect(checkInputs({ fields, inputs: carried })).toEqual(first);
  });
});

describe('healthWith', () => {
  const health = { kind: 'tcp', port: 8080 } as const;

  it('looks at the port that the renter chose', () => {
    const { values } = given({ PORT: '9000' });
    expect(healthWith(health, { fields, values })).toEqual({ kind: 'tcp', port: 9000 });
  });

  it('leaves other ports and commands alone', () => {
    const { values } = given({ PORT: '9000' });
    expect(healthWith({ ...health, port: 22 }, { fields, values })).toEqual({
      ...health,
      port: 22,
    });
    const command = { kind: 'command', command: 'true' } as const;
    expect(healthWith(command, { fields, values })).toEqual(command);
    expect(healthWith(health, { fields, values: [] })).toEqual(health);
  });
});
