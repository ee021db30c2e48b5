import { describe, expect, it } from 'vitest';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe, givenVersion, recipeField } from '../../testing/recipes.fake.ts';
import { previewUpgrade } from './preview-upgrade.ts';
import { yankVersion } from './withdraw-version.flow.ts';

const DAY = durationNs({ days: 1 });

describe('previewUpgrade', () => {
  it('shows what changes between two versions', () => {
    const c = fakeCanister();
    const domain = recipeField();
    const port = recipeField({ name: 'PORT', fieldType: { kind: 'port', default: 80 } });
    const wider = recipeField({ fieldType: { kind: 'text', default: '', maxLength: 200 } });
    const { id: recipeId } = givenRecipe(c, {
      versions: [
        { fields: [domain], script: 'a\nb\n' },
        { semver: '2.0.0', changelog: 'New store.', isBreaking: true },
        { semver: '1.1.0', changelog: 'Fixes.' },
        {
          semver: '2.1.0',
          script: 'a\nc\n',
          changelog: 'Faster.',
          fields: [wider, port],
          rollbackScript: 'undo',
          expectedDowntimeNs: durationNs({ minutes: 9 }),
        },
      ],
    });
    const shown = accepted(previewUpgrade(c, { recipeId, from: 0, to: 3 }));
    expect(shown).toMatchObject({
      fromSemver: '1.0.0',
      toSemver: '2.1.0',
      status: { kind: 'published' },
      isBreaking: true,
      expectedDowntimeNs: durationNs({ minutes: 9 }),
      hasRollbackScript: true,
      versionsLeftOut: 0,
      newFields: [wider, port],
      diff: { isMinimal: true, hunks: [{ lines: [' a', '-b', '+c'] }] },
    });
    expect(shown.versions.map(({ semver, changelog }) => [semver, changelog])).toEqual([
      ['2.1.0', 'Faster.'],
      ['2.0.0', 'New store.'],
      ['1.1.0', 'Fixes.'],
    ]);
    expect(shown.fromSha256).not.toBe(shown.toSha256);
    expect(accepted(previewUpgrade(c, { recipeId, from: 0, to: 2 }))).toMatchObject({
      isBreaking: false,
      hasRollbackScript: false,
      newFields: [],
    });
  });

  it('says that the version was yanked', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c, { versions: [{}, { semver: '1.1.0' }] });
    c.runtime.callerNow = personCalled('author');
    accepted(yankVersion(c, { recipeId, number: 1, reason: 'leaks' }));
    expect(accepted(previewUpgrade(c, { recipeId, from: 0, to: 1 })).status).toEqual({
      kind: 'yanked',
      reason: 'leaks',
    });
  });

  it('leaves out the oldest of many, but not that one of them is breaking', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c);
    for (let at = 1; at <= 40; at += 1) {
      if (at % 19 === 0) c.runtime.now = timestampNs(c.runtime.now + DAY);
      givenVersion(c, { recipe, version: { semver: `1.${at}.0`, isBreaking: at === 2 } });
    }
    const shown = accepted(previewUpgrade(c, { recipeId: recipe.id, from: 0, to: 40 }));
    expect(shown.versions).toHaveLength(30);
    expect(shown.versions[0]?.semver).toBe('1.40.0');
    expect(shown).toMatchObject({ versionsLeftOut: 10, isBreaking: true });
  });

  it('refuses what is no way up', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c, { versions: [{}, { semver: '1.1.0' }] });
    const leafOf = (...[from, to]: [number, number]) => {
      const shown = previewUpgrade(c, { recipeId, from, to });
      return shown.kind === 'err' ? shown.error.leaf : undefined;
    };
    expect(leafOf(1, 0)).toMatchObject({ kind: 'invalid-argument', argument: 'to' });
    expect(leafOf(1, 1)).toMatchObject({ kind: 'invalid-argument', argument: 'to' });
    expect(leafOf(0, 2)).toEqual({ kind: 'not-found' });
    expect(leafOf(9, 1)).toEqual({ kind: 'not-found' });
  });
});
