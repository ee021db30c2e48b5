import type { Principal } from '@dfinity/principal';
import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { durationNs } from '@decent-cloud/domain/time.ts';
import { isMadeOf, type Refusal } from './text-rules.ts';
import type { Settings } from './settings.ts';

const MAX_PLATFORM_AGENTS = 10;
const MIN_RETENTION_DAYS = 1;
const MAX_RETENTION_DAYS = 365;
const MAX_INSTALLATION_LENGTH = 32;
/** What every cloud takes in a label. */
const LABEL_CHARS = 'abcdefghijklmnopqrstuvwxyz0123456789-';

/** Accepts settings that the canister can run with. */
export function checkSettings(settings: Settings): Result<Settings, Refusal> {
  const { treasury, archive, installation, platformAgents, retentionNs } = settings;
  if (!isSomebody(treasury)) return err({ argument: 'treasury', rule: 'must be a canister' });
  if (!isSomebody(archive)) return err({ argument: 'archive', rule: 'must be a canister' });
  const { length } = installation;
  const isLabel = length > 0 && length <= MAX_INSTALLATION_LENGTH;
  if (!isLabel || !isMadeOf(installation, LABEL_CHARS)) {
    const rule = `must be 1 to ${MAX_INSTALLATION_LENGTH} of a-z, 0-9 and -`;
    return err({ argument: 'installation', rule });
  }
  const areSome = platformAgents.length <= MAX_PLATFORM_AGENTS && platformAgents.every(isSomebody);
  if (!areSome) {
    const rule = `must be at most ${MAX_PLATFORM_AGENTS} principals, none of them anonymous`;
    return err({ argument: 'platform_agents', rule });
  }
  const isKept =
    retentionNs >= durationNs({ days: MIN_RETENTION_DAYS }) &&
    retentionNs <= durationNs({ days: MAX_RETENTION_DAYS });
  if (isKept) return ok(settings);
  const rule = `must be ${MIN_RETENTION_DAYS} to ${MAX_RETENTION_DAYS} days`;
  return err({ argument: 'retention_ns', rule });
}

/** Neither anonymous nor the management canister. */
function isSomebody(principal: Principal): boolean {
  return !principal.isAnonymous() && principal.toUint8Array().length > 0;
}
