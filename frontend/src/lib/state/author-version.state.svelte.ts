import { publishVersion } from '../api/author.api.ts';
import { fetchScript } from '../api/recipe.api.ts';
import type { Rental } from '../api/wire.ts';
import { draftTroubles, type Troubles } from '../services/author-checks.service.ts';
import {
  draftOfVersion,
  EMPTY_DRAFT,
  newField,
  parseDraft,
  type FieldKind,
  type VersionDraft,
} from '../services/author-draft.service.ts';
import { inputOfDraft } from '../services/author-input.service.ts';
import { diffOf, type ScriptDiff } from '../services/diff-view.service.ts';
import { semverSuggestions, sortedVersions } from '../services/recipe-versions.service.ts';
import { sha256OfText } from '../services/script-check.service.ts';
import { app } from './app.state.svelte.ts';
import { Action } from './action.state.svelte.ts';
import { forgetDraft, keepDraft, keptDraft } from './author-draft.state.svelte.ts';

/** What an author reads before a version is published for ever. */
export interface Review {
  readonly sha256: string;
  /** Undefined for a first version. */
  readonly before: { readonly semver: string; readonly diff: ScriptDiff } | undefined;
}

/** A version that is being written. */
export class VersionEditor {
  draft = $state<VersionDraft>(structuredClone(EMPTY_DRAFT));
  /** It was kept on this device from before. */
  isKept = $state(false);
  /** Words are shown from the first check on. */
  isChecked = $state(false);
  review = $state.raw<Review>();
  readonly reading = new Action({ what: 'The last version could not be read.' });
  readonly reviewing = new Action({ what: 'The version could not be checked.' });
  readonly publishing = new Action({
    what: 'The version was not published, as far as is known here.',
    money: 'Publishing costs nothing.',
  });
  readonly #recipe: Rental.Recipe;
  readonly #versions: readonly Rental.RecipeVersion[];
  readonly troubles: Troubles = $derived.by(() => draftTroubles(this.draft, this.semvers));
  #lastScript: string | undefined;
  #fieldCount = 0;
  /** The draft as it was before anything was typed. */
  #begun = '';

  constructor(recipe: Rental.Recipe, versions: readonly Rental.RecipeVersion[]) {
    this.#recipe = recipe;
    this.#versions = versions;
  }

  /** In the order in which they were published. */
  get semvers(): string[] {
    return this.#versions
      .toSorted((one, other) => one.number - other.number)
      .map(({ semver }) => semver);
  }

  /** The highest version. */
  get last(): Rental.RecipeVersion | undefined {
    return sortedVersions(this.#versions)[0];
  }

  get name(): string {
    return `version:${this.#recipe.id}`;
  }

  /** What is wrong with what was typed there, once it was checked. */
  trouble(key: string): string | undefined {
    return this.isChecked ? this.troubles.get(key) : undefined;
  }

  /** Goes on with what was kept on this device, or with the last version. Never throws. */
  async start(): Promise<void> {
    await this.reading.run(async () => {
      const { last } = this;
      if (last !== undefined) this.#lastScript = await fetchScript(app.actors, last.script_sha256);
      const kept = parseDraft(keptDraft(this.name) ?? '');
      this.isKept = kept !== undefined;
      this.draft = kept ?? (await this.#fresh());
      this.#begun = JSON.stringify(this.draft);
    });
  }

  /** Drops what was typed. Never throws. */
  async reset(): Promise<void> {
    forgetDraft(this.name);
    this.isKept = false;
    this.isChecked = false;
    await this.reading.run(async () => {
      this.draft = await this.#fresh();
      this.#begun = JSON.stringify(this.draft);
    });
  }

  /** Keeps what was typed on this device; nothing if nothing was typed. */
  keep(json: string): void {
    if (json !== this.#begun) keepDraft(this.name, json);
  }

  addField(kind: FieldKind): void {
    this.#fieldCount += 1;
    const taken = this.draft.fields.map(({ key }) => key);
    while (taken.includes(`new-${this.#fieldCount}`)) this.#fieldCount += 1;
    this.draft.fields.push(newField(kind, `new-${this.#fieldCount}`));
  }

  /** Up by -1, down by 1. */
  moveField(at: number, by: -1 | 1): void {
    const { fields } = this.draft;
    const [moved] = fields.splice(at, 1);
    if (moved !== undefined) fields.splice(Math.max(at + by, 0), 0, moved);
  }

  removeField(at: number): void {
    this.draft.fields.splice(at, 1);
  }

  /** Shows what is going to be published; gives whether nothing is wrong with it. Never throws. */
  async check(): Promise<boolean> {
    this.isChecked = true;
    if (this.troubles.size > 0) return false;
    const { script } = this.draft;
    return this.reviewing.run(async () => {
      const { last } = this;
      const before = this.#lastScript;
      this.review = {
        sha256: await sha256OfText(script),
        before:
          last === undefined || before === undefined
            ? undefined
            : { semver: last.semver, diff: await diffOf(before, script) },
      };
    });
  }

  /** Publishes it; gives whether it worked. Never throws. */
  async publish(): Promise<boolean> {
    const expected = this.review?.sha256;
    return this.publishing.run(async () => {
      const version = await publishVersion(app.actors, {
        recipeId: this.#recipe.id,
        input: inputOfDraft($state.snapshot(this.draft)),
      });
      forgetDraft(this.name);
      if (version.script_sha256 !== expected) {
        throw new Error(
          `It was published, but with the hash ${version.script_sha256}, which is not that of your ` +
            'script. Yank it, and tell the operator.',
        );
      }
    });
  }

  async #fresh(): Promise<VersionDraft> {
    const { last } = this;
    const semver = semverSuggestions(this.semvers)[0]?.semver ?? '';
    if (last === undefined) return { ...structuredClone(EMPTY_DRAFT), semver };
    const [rollbackSha256] = last.rollback_sha256;
    const script = this.#lastScript ?? (await fetchScript(app.actors, last.script_sha256));
    const rollbackScript =
      rollbackSha256 === undefined ? undefined : await fetchScript(app.actors, rollbackSha256);
    return { ...draftOfVersion(last, { script, rollbackScript }), semver };
  }
}
