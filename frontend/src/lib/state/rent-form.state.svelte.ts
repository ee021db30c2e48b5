import { Principal } from '@dfinity/principal';
import type { Result } from '@decent-cloud/domain/result.ts';
import type { Offer } from '../api/rent.api.ts';
import { saveSshKey } from '../api/ssh-key.api.ts';
import type { Rental } from '../api/wire.ts';
import {
  alternativesTo,
  ANY_MACHINE,
  chosenRow,
  filterOf,
  machineRows,
  type MachineFilter,
  type MachineRow,
} from '../services/machine-choice.service.ts';
import { chosenKeys, formProblems, offerWhyNot } from '../services/rent-check.service.ts';
import { draftText, EMPTY_DRAFT, parseDraft } from '../services/rent-draft.service.ts';
import {
  defaultsOf,
  fieldErrors,
  isGenerated,
  rentInputs,
} from '../services/rent-fields.service.ts';
import { costOf, firstTerm, parseTerm, type TermCost } from '../services/rent-term.service.ts';
import { sealSecrets } from '../services/rent-secrets.service.ts';
import { parsePublicKey, type PublicKey } from '../services/ssh-key.service.ts';
import { app } from './app.state.svelte.ts';

/** What somebody is about to rent of one offer. It survives a reload, but for its secrets. */
export class RentForm {
  offer = $state.raw<Offer>() as Offer;
  machine = $state.raw<MachineFilter>(ANY_MACHINE);
  values = $state<Record<string, string>>({});
  secrets = $state<Record<string, string>>({});
  accountKeys = $state<string[]>([]);
  pastedKey = $state('');
  isKeySaved = $state(false);
  term = $state({ ...EMPTY_DRAFT.term });
  ledger = $state('');
  /** Whether what is missing is said: only once somebody tried to go on. */
  isChecked = $state(false);
  readonly #key: string;

  constructor(offer: Offer) {
    this.offer = offer;
    this.#key = `draft:rent:${offer.id.toString()}`;
    const draft = parseDraft(sessionStorage.getItem(this.#key)) ?? {
      ...EMPTY_DRAFT,
      term: firstTerm(this.rule),
    };
    this.machine = draft.machine;
    this.values = { ...defaultsOf(this.fields), ...draft.values };
    this.accountKeys = draft.accountKeys;
    this.pastedKey = draft.pastedKey;
    this.isKeySaved = draft.isKeySaved;
    this.term = draft.term;
    this.ledger = draft.ledger;
  }

  get rule() {
    const { min_term_ns: minNs, max_term_ns: maxNs, ...rest } = this.offer.view.offering;
    const { price_per_month_usd_e8: pricePerMonthUsdE8, notice_ns: noticeNs } = rest;
    return { minNs, maxNs, pricePerMonthUsdE8, noticeNs };
  }

  get fields(): readonly Rental.RecipeField[] {
    return this.offer.recipe?.version?.fields ?? [];
  }

  get makesSecrets(): boolean {
    return this.fields.some(isGenerated);
  }

  get rows(): readonly MachineRow[] {
    return machineRows(this.offer.view.machines, this.offer.recipe?.version);
  }

  get chosen(): MachineRow | undefined {
    return chosenRow(this.rows, this.machine);
  }

  /** The nearest that can be had, while what is wanted cannot. */
  get alternatives(): readonly MachineRow[] {
    const { machine: filter, rows } = this;
    return alternativesTo(rows, {
      filter,
      spec: rows.find(({ type }) => type === filter.type)?.spec,
    });
  }

  get termNs(): Result<bigint, string> {
    return parseTerm(this.term, this.rule);
  }

  get cost(): TermCost | undefined {
    const { termNs } = this;
    return termNs.kind === 'ok' ? costOf(termNs.value, this.rule) : undefined;
  }

  get errors(): ReadonlyMap<string, string> {
    return fieldErrors(this.fields, { values: this.values, secrets: this.secrets });
  }

  /** The key that was pasted; undefined for none. */
  get pasted(): Result<PublicKey, string> | undefined {
    return this.pastedKey.trim() === '' ? undefined : parsePublicKey(this.pastedKey);
  }

  get keys(): Result<readonly string[], string> {
    return chosenKeys({ accountKeys: this.accountKeys, pasted: this.pasted });
  }

  /** Why nothing can be sold at all, if that is so. */
  get whyNot(): string | undefined {
    const { recipe, view } = this.offer;
    const isRecipeGone = recipe !== undefined && recipe.version === undefined;
    return offerWhyNot({ status: view.offering.status, isRecipeGone });
  }

  /** What keeps the price from being locked: one line for each. */
  get problems(): readonly string[] {
    const { errors, keys, fields } = this;
    return formProblems({
      whyNot: this.whyNot,
      hasMachine: this.chosen !== undefined,
      errors: fields.flatMap(({ name, label }) => {
        const error = errors.get(name);
        return error === undefined ? [] : [[label, error] as const];
      }),
      keyError: keys.kind === 'err' ? keys.error : undefined,
      termNs: this.termNs,
      hasToken: this.ledger !== '',
    });
  }

  choose(row: MachineRow): void {
    this.machine = filterOf(row);
  }

  /** Chooses by the number in the offer, as other pages link to it. */
  chooseIndex(index: number): void {
    const row = this.rows[index];
    if (row !== undefined) this.choose(row);
  }

  /** Keeps what was typed, but for secrets, until the tab is closed. */
  keep(): void {
    const { machine, values, accountKeys, pastedKey, isKeySaved, term, ledger } = this;
    const draft = {
      v: 1,
      machine,
      values,
      accountKeys,
      pastedKey,
      isKeySaved,
      term,
      ledger,
    } as const;
    sessionStorage.setItem(this.#key, draftText(draft));
  }

  /** It was paid: the next one begins anew. */
  forget(): void {
    sessionStorage.removeItem(this.#key);
  }

  /** Stores the pasted key in the account, if that was asked for. */
  async saveKey(): Promise<void> {
    const { pasted } = this;
    if (!this.isKeySaved || pasted?.kind !== 'ok') return;
    const { line, comment, fingerprint } = pasted.value;
    const label = comment === '' ? fingerprint.slice(0, 20) : comment.slice(0, 64);
    await saveSshKey(app.actors, { label, line });
  }

  /** Exactly what is asked for, with the secrets sealed. Only without problems. */
  async input(): Promise<Rental.RentInput> {
    const { chosen, termNs, fields, values, secrets, keys } = this;
    if (chosen === undefined || termNs.kind === 'err' || keys.kind === 'err') {
      throw new Error('BUG: the form has problems');
    }
    const inputs = rentInputs(fields, { values, secrets });
    return {
      offering_id: this.offer.id,
      choice_index: chosen.index,
      term_ns: termNs.value,
      ledger: Principal.fromText(this.ledger),
      inputs,
      ssh_keys: [...keys.value],
      sealed_secrets:
        inputs.secret_names.length === 0
          ? []
          : [await sealSecrets(this.offer.view.agent_recipient[0], { fields, secrets })],
    };
  }
}
