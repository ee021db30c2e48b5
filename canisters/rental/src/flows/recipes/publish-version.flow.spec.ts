import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { durationNs, timestampNs } from '@decent-cloud/domain/time.ts';
import { fakeCanister, personCalled } from '../../testing/fake-canister.fake.ts';
import { accepted, givenRecipe, givenVersion, versionInput } from '../../testing/recipes.fake.ts';
import { recipeField } from '../../testing/recipes.fake.ts';
import { scriptOf } from './known-recipe.ts';
import { publishVersion } from './publish-version.flow.ts';
import { viewRecipe, viewVersion } from './recipe-views.ts';
import { deprecateVersion, yankVersion } from './withdraw-version.flow.ts';

const author = personCalled('author');
const DAY = durationNs({ days: 1 });

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('publishVersion', () => {
  it('keeps a version with the hash of its script over bytes, across an upgrade', () => {
    const c = fakeCanister();
    const script = '#!/bin/sh\necho "größer ☁️"\n';
    const fields = [recipeField({ fieldType: { kind: 'number', default: -3, min: -5, max: 5 } })];
    const version = { script, rollbackScript: 'exit 1', fields };
    const recipe = givenRecipe(c, { versions: [version] });
    const stored = c.upgraded().storage.recipes.versions.get(recipe.id, 0);
    expect({ ...stored, script, rollbackScript: 'exit 1' }).toEqual({
      ...versionInput(version),
      recipeId: recipe.id,
      number: 0,
      scriptSha256: sha256(script),
      scriptBytes: Buffer.byteLength(script),
      rollbackSha256: sha256('exit 1'),
      status: { kind: 'published' },
      publishedAt: c.runtime.now,
    });
    expect(scriptOf(c.upgraded(), sha256(script))).toBe(script);
    expect(scriptOf(c, sha256('exit 1'))).toBe('exit 1');
    expect(recipe.versionCount).toBe(1);
  });

  it('keeps a script that versions share once', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [{}, { semver: '1.0.1' }] });
    expect(recipe.versionCount).toBe(2);
    expect(c.storage.recipes.scripts.size()).toBe(1);
  });

  it('refuses a version that is there, or below the last of its line, and stores nothing', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c, { versions: [{ semver: '1.4.0' }] });
    c.runtime.callerNow = author;
    const publish = (semver: string) =>
      publishVersion(c, { recipeId, input: versionInput({ semver, script: 'other' }) });
    expect(publish('1.4.0')).toMatchObject({ error: { leaf: { kind: 'conflict' } } });
    expect(publish('1.3.9')).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'semver' } },
    });
    expect(c.storage.recipes.scripts.size()).toBe(1);
    expect(c.storage.recipes.versions.length(recipeId)).toBe(1);
    expect(publish('0.9.0').kind).toBe('ok');
  });

  it('bounds a script by its bytes', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c);
    c.runtime.callerNow = author;
    const script = 'é'.repeat(32_769);
    const input = versionInput({ semver: '1.1.0', script });
    expect(publishVersion(c, { recipeId, input })).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'script' } },
    });
    const fits = versionInput({ semver: '1.1.0', script: script.slice(1) });
    expect(accepted(publishVersion(c, { recipeId, input: fits })).scriptBytes).toBe(65_536);
  });

  it('bounds what is said about a version, in bytes', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c);
    c.runtime.callerNow = author;
    const publish = (letter: string) => {
      const texts = { changelog: letter.repeat(4_000), postInstallNotes: letter.repeat(4_000) };
      const help = letter.repeat(300);
      const fields = Array.from({ length: 24 }, (_, at) => recipeField({ name: `F${at}`, help }));
      const input = versionInput({ semver: '1.1.0', ...texts, fields });
      return publishVersion(c, { recipeId, input });
    };
    expect(publish('中')).toMatchObject({
      error: { leaf: { kind: 'invalid-argument', argument: 'fields' } },
    });
    expect(publish('x').kind).toBe('ok');
  });

  it('is for the author alone', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c);
    const input = versionInput({ semver: '2.0.0' });
    c.runtime.callerNow = personCalled('other');
    expect(publishVersion(c, { recipeId, input })).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
    expect(deprecateVersion(c, { recipeId, number: 0, reason: 'x' })).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
    expect(yankVersion(c, { recipeId, number: 0, reason: 'x' })).toMatchObject({
      error: { leaf: { kind: 'not-allowed' } },
    });
  });

  it('takes 20 versions of an author on a day, and more on the next', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [] });
    for (let at = 0; at < 20; at += 1)
      givenVersion(c, { recipe, version: { semver: `1.${at}.0` } });
    c.runtime.callerNow = author;
    const next = { recipeId: recipe.id, input: versionInput({ semver: '1.20.0' }) };
    expect(publishVersion(c, next)).toMatchObject({
      error: { leaf: { kind: 'quota-exceeded', limit: 20 } },
    });
    c.runtime.now = timestampNs(c.runtime.now + DAY);
    expect(publishVersion(c, next).kind).toBe('ok');
  });

  it('takes 200 versions of a recipe and no more', () => {
    const c = fakeCanister();
    const recipe = givenRecipe(c, { versions: [] });
    for (let at = 0; at < 200; at += 1) {
      if (at % 20 === 0) c.runtime.now = timestampNs(c.runtime.now + DAY);
      givenVersion(c, { recipe, version: { semver: `1.${at}.0` } });
    }
    c.runtime.now = timestampNs(c.runtime.now + DAY);
    c.runtime.callerNow = author;
    const input = versionInput({ semver: '2.0.0' });
    expect(publishVersion(c, { recipeId: recipe.id, input })).toMatchObject({
      error: { leaf: { kind: 'quota-exceeded', limit: 200 } },
    });
  });
});

describe('yankVersion and deprecateVersion', () => {
  it('change the status, with the reason, and what the recipe is shown with', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c, { versions: [{}, { semver: '1.1.0' }] });
    const shown = () => accepted(viewRecipe(c, recipeId)).current?.semver;
    const statusOf = (number: number) =>
      accepted(viewVersion(c, { recipeId, number })).version.status;
    expect(shown()).toBe('1.1.0');
    c.runtime.callerNow = author;
    accepted(deprecateVersion(c, { recipeId, number: 1, reason: 'slow' }));
    expect(statusOf(1)).toEqual({ kind: 'deprecated', reason: 'slow' });
    expect(shown()).toBe('1.0.0');
    accepted(yankVersion(c, { recipeId, number: 1, reason: 'leaks' }));
    expect(statusOf(1)).toEqual({ kind: 'yanked', reason: 'leaks' });
    accepted(yankVersion(c, { recipeId, number: 0, reason: 'leaks' }));
    expect(shown()).toBeUndefined();
  });

  it('refuse what cannot be', () => {
    const c = fakeCanister();
    const { id: recipeId } = givenRecipe(c);
    c.runtime.callerNow = author;
    accepted(yankVersion(c, { recipeId, number: 0, reason: 'leaks' }));
    expect(deprecateVersion(c, { recipeId, number: 0, reason: 'old' })).toMatchObject({
      error: { leaf: { kind: 'wrong-state', state: 'yanked' } },
    });
    expect(yankVersion(c, { recipeId, number: 1, reason: 'leaks' })).toMatchObject({
      error: { leaf: { kind: 'not-found' } },
    });
    for (const reason of ['', 'x'.repeat(301), 'a\nb']) {
      expect(yankVersion(c, { recipeId, number: 0, reason })).toMatchObject({
        error: { leaf: { kind: 'invalid-argument', argument: 'reason' } },
      });
    }
  });
});
