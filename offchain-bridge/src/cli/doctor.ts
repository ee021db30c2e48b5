import { bridgeParts, type BridgeParts } from '../bridge-parts.ts';
import type { BridgeConfig } from '../config.ts';
import { offsetText } from '../core/clock-words.ts';
import { MAX_SKEW_MS } from '../core/readiness.ts';
import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';
import type { Metrics } from '../ports/metrics.port.ts';
import type { AgentAccount } from '../ports/rental.port.ts';
import { readAgentFolder, type AgentKeys } from '../secrets/agent-folder.ts';
import { identityOf } from '../secrets/agent-identity.ts';
import { bridgeVersion } from '../version.ts';
import type { Output } from './print.ts';

const TIMEOUT_MS = 60_000;

/** What was looked at; the remedy is there if it is not well. */
interface Finding {
  readonly what: string;
  readonly remedy?: string;
}

/**
 * Checks everything that a bridge needs, one after another as far as one stands on the other, and says
 * how to mend what is wrong; gives the exit code. Changes nothing but the heartbeat.
 */
export async function examine(config: BridgeConfig, out: Output): Promise<number> {
  let isWell = true;
  for await (const { what, remedy } of findings(config)) {
    isWell &&= remedy === undefined;
    out.print(remedy === undefined ? `✔ ${what}\n` : `✘ ${what}\n  → ${remedy}\n`);
  }
  out.print(isWell ? 'Everything is in order.\n' : 'Mend the above, then ask again.\n');
  return isWell ? 0 : 1;
}

async function* findings(config: BridgeConfig): AsyncGenerator<Finding> {
  const folder = await readAgentFolder(config.dir);
  if (folder.kind === 'invalid') {
    for (const problem of folder.problems) {
      yield { what: `keys: ${problem}`, remedy: 'without its keys a bridge can do nothing' };
    }
    return;
  }
  const { keys } = folder;
  const principal = identityOf(keys).getPrincipal().toText();
  yield { what: `keys in ${config.dir}: principal ${principal}` };
  const parts = bridgeParts(config, { keys, metrics: NOWHERE });
  const canister = await canisterFinding(config, { parts, keys });
  yield canister;
  if (canister.remedy !== undefined) return;
  yield clockFinding(parts);
  yield* accountFindings(parts, principal);
}

async function canisterFinding(
  { network }: BridgeConfig,
  { parts, keys }: { readonly parts: BridgeParts; readonly keys: AgentKeys },
): Promise<Finding> {
  const where = `rental canister ${network.rentalId} at ${network.url}`;
  try {
    const { ageRecipient } = keys;
    await parts.rental.heartbeat({ ageRecipient, version: bridgeVersion() });
    return { what: `${where}: answers, installation “${await parts.rental.installation()}”` };
  } catch (error) {
    if (error instanceof CanisterUnavailable) {
      const remedy =
        network.rootKeyHex === undefined
          ? 'look at network_url, at rental_canister and at the way there; another network than the ' +
            'Internet Computer needs root_key'
          : 'look at network_url, root_key (it changes with --clean) and rental_canister';
      return { what: `${where}: ${error.message}`, remedy };
    }
    if (error instanceof CanisterRefusal) {
      const remedy = 'this is what the canister says; is it the rental canister, and is it set up?';
      return { what: `${where}: ${error.message}`, remedy };
    }
    throw error;
  }
}

function clockFinding({ rental }: BridgeParts): Finding {
  const offsetMs = rental.clockOffsetMs();
  if (offsetMs === undefined) return { what: 'clock: not compared', remedy: 'ask again' };
  const what = `clock: ${offsetText(offsetMs)}`;
  if (Math.abs(offsetMs) <= MAX_SKEW_MS) return { what };
  return { what, remedy: 'set the clock of this machine, by NTP for instance' };
}

async function* accountFindings(parts: BridgeParts, principal: string): AsyncGenerator<Finding> {
  const accounts = await parts.rental.listAgentAccounts();
  if (accounts.length === 0) {
    yield {
      what: 'cloud accounts: none',
      remedy:
        `a seller has to grant_agent ${principal} and to create_cloud_account with a token sealed to ` +
        'its age recipient: see docs/RUNBOOK.md',
    };
  }
  for (const account of accounts) yield await accountFinding(parts, account);
}

async function accountFinding(parts: BridgeParts, account: AgentAccount): Promise<Finding> {
  const what = `cloud account ${account.id.toString()} “${account.label}” (${account.backend})`;
  try {
    const cloud = await parts.providerOf(account);
    const validity = await cloud.validate(AbortSignal.timeout(TIMEOUT_MS));
    if (validity.kind === 'valid') return { what: `${what}: takes the credentials` };
    return { what: `${what}: ${validity.problem}`, remedy: RENEW };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { what: `${what}: ${error.message}`, remedy: RENEW };
  }
}

const RENEW =
  'the seller renews the token with replace_cloud_credentials, or grants this agent again if it was ' +
  'revoked; a cloud that does not answer is asked again later';

/** A doctor counts nothing. */
const NOWHERE: Metrics = {
  count: () => undefined,
  time: () => undefined,
  set: () => undefined,
};
