import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { Principal } from '@dfinity/principal';
import type { Rental } from '../api/wire.ts';
import { durationText, msOfNs } from './format.service.ts';
import { isVisible } from './seller-form.service.ts';
import { armOf, type ArmOf } from './variant.service.ts';

export type ScopeName = ArmOf<Rental.AgentScope>;

export interface ScopeWords {
  readonly scope: ScopeName;
  readonly label: string;
  readonly text: string;
}

/** What a bridge may be allowed to do. */
export const SCOPES: readonly ScopeWords[] = [
  {
    scope: 'Provision',
    label: 'Make and delete machines',
    text: 'Does the jobs of your rentals with your cloud token.',
  },
  {
    scope: 'Health',
    label: 'Measure uptime',
    text: 'Reports whether your renters’ machines answer.',
  },
  {
    scope: 'Catalogue',
    label: 'Read the cloud’s stock',
    text: 'Keeps what can be offered up to date.',
  },
  {
    scope: 'Notify',
    label: 'Deliver notifications',
    text: 'Only of use to the platform’s own agents.',
  },
];

/** What selling needs. */
export const USUAL_SCOPES: readonly ScopeName[] = ['Provision', 'Health', 'Catalogue'];

export const MAX_GRANT_DAYS = 365;
const MAX_LABEL = 64;
const DAY_NS = 86_400n * 1_000_000_000n;
const NS_PER_MS = 1_000_000n;
/** A bridge beats every half minute or so. */
const SILENT_AFTER_MS = 120_000;
/** Said early enough to renew a grant in peace. */
const ENDS_SOON_MS = 14 * 86_400_000;
/** A clock that is a little ahead must not make a year too long. */
const CLOCK_SLACK_NS = 60n * 60n * 1_000_000_000n;

/** A grant as it is typed. */
export interface GrantForm {
  principal: string;
  label: string;
  scopes: ScopeName[];
  days: string;
}

export type GrantErrors = Readonly<Partial<Record<keyof GrantForm, string>>>;

/** As the canister takes it, or words at the fields. */
export function grantOf(form: GrantForm, nowMs: number): Result<Rental.GrantInput, GrantErrors> {
  const errors: Partial<Record<keyof GrantForm, string>> = {};
  const agent = parsePrincipal(form.principal.trim());
  if (agent === undefined || agent.isAnonymous()) {
    errors.principal = 'Paste the principal that the bridge prints when it is set up.';
  }
  if (!isVisible(form.label, MAX_LABEL)) {
    errors.label = `Type a name for it, 1 to ${MAX_LABEL} characters.`;
  }
  if (form.scopes.length === 0) errors.scopes = 'Allow at least one thing.';
  const days = /^\d{1,3}$/.test(form.days.trim()) ? Number(form.days) : 0;
  if (days < 1 || days > MAX_GRANT_DAYS) {
    errors.days = `Type a whole number of days, 1 to ${MAX_GRANT_DAYS}.`;
  }
  if (agent === undefined || Object.keys(errors).length > 0) return err(errors);
  const endNs = BigInt(nowMs) * NS_PER_MS + BigInt(days) * DAY_NS;
  return ok({
    agent,
    label: form.label.trim(),
    scopes: form.scopes.map(scopeOf),
    expires_at_ns: days === MAX_GRANT_DAYS ? endNs - CLOCK_SLACK_NS : endNs,
  });
}

export interface AgentHealth {
  readonly tone: 'good' | 'warn' | 'bad';
  readonly label: string;
  /** What it means, and what to do; empty if all is well. */
  readonly text: string;
}

/** Whether an agent can work now. */
export function agentHealth({ grant, status }: Rental.GrantedAgent, nowMs: number): AgentHealth {
  const endsMs = msOfNs(grant.expires_at_ns) - nowMs;
  const [known] = status;
  if (endsMs <= 0) {
    return { tone: 'bad', label: 'Expired', text: 'It may do nothing for you: allow it anew.' };
  }
  if (known === undefined) {
    return {
      tone: 'bad',
      label: 'Never heard of',
      text: 'It has not reported yet. Start it: nothing can be sealed to it before.',
    };
  }
  const silentMs = nowMs - msOfNs(known.last_heartbeat_at_ns);
  if (silentMs > SILENT_AFTER_MS) {
    return {
      tone: 'bad',
      label: 'Silent',
      text: `Not heard of for ${durationText(silentMs / 1_000)}: rentals of your machines wait until it is back.`,
    };
  }
  if (endsMs < ENDS_SOON_MS) {
    return {
      tone: 'warn',
      label: 'Ends soon',
      text: `It may work for you for ${durationText(endsMs / 1_000)} more. Allow it anew before.`,
    };
  }
  return { tone: 'good', label: 'Working', text: '' };
}

/** What it may do, in words. */
export function scopesText(scopes: readonly Rental.AgentScope[]): string {
  const names = scopes.map((scope) => armOf(scope));
  return SCOPES.filter(({ scope }) => names.includes(scope))
    .map(({ label }) => label)
    .join(' · ');
}

/** True if a cloud account can be given to it: it may make machines, and said what to seal to. */
export function canWork({ grant, status }: Rental.GrantedAgent, nowMs: number): boolean {
  const isAllowed = grant.scopes.some((scope) => 'Provision' in scope);
  return isAllowed && status.length > 0 && msOfNs(grant.expires_at_ns) > nowMs;
}

const SCOPE_VARIANTS: Readonly<Record<ScopeName, Rental.AgentScope>> = {
  Provision: { Provision: null },
  Health: { Health: null },
  Catalogue: { Catalogue: null },
  Notify: { Notify: null },
};

function scopeOf(name: ScopeName): Rental.AgentScope {
  return SCOPE_VARIANTS[name];
}

function parsePrincipal(text: string): Principal | undefined {
  try {
    return Principal.fromText(text);
  } catch {
    return undefined;
  }
}
