import { readFileSync } from 'node:fs';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { present } from '@decent-cloud/domain/assert.ts';
import { ledgerClient, type LedgerClient } from '@decent-cloud/localnet/testing/ledger-client.ts';
import {
  openWorld,
  restoreWorld,
  type WorldSnapshot,
} from '@decent-cloud/localnet/testing/replica-world.ts';
import type { SubmitActor, SyncActor } from '@decent-cloud/localnet/testing/sync-actor.ts';
import type { World } from '@decent-cloud/localnet/testing/world.ts';
import {
  PRICES_PROGRAM,
  TokenValueStandIn,
} from '../../../canisters/treasury/test/support/token-value-stand-in.ts';
import type { _SERVICE as Treasury } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { idlFactory } from '../../../dist/canisters/treasury/declarations/treasury.did.ts';
import { layoutOf } from '../../../scripts/canisters/layout.ts';
import { ARBITER, CONTROLLER, RENTAL, TOKEN_VALUE, TOKENS, type SimToken } from './cast.ts';

/** A token with its ledger in one world. */
export interface TokenLedger extends SimToken {
  readonly ledger: LedgerClient;
}

/** The real treasury with ledgers, and prices that the simulation sets. */
export interface MoneyWorld {
  readonly world: World;
  readonly treasuryId: Principal;
  readonly wasm: Uint8Array;
  readonly prices: TokenValueStandIn;
  readonly tokens: readonly [TokenLedger, ...TokenLedger[]];
  /** The ledgers' own code, if they are no stand-ins: those do not fail when a test wants. */
  readonly ledgerWasm: Uint8Array | undefined;
  readonly as: (who: Principal) => SyncActor<Treasury>;
  /** Hands calls in without running them. */
  readonly submitAs: (who: Principal) => SubmitActor<Treasury>;
}

interface Prepared {
  readonly snapshot: WorldSnapshot;
  readonly treasuryId: Principal;
  readonly wasm: Uint8Array;
}

let prepared: Prepared | undefined;

/** A world in which everything is configured. A round runs one message. */
export function moneyWorld(seed: number): MoneyWorld {
  prepared ??= prepare();
  const { snapshot, treasuryId, wasm } = prepared;
  const prices = new TokenValueStandIn();
  const world = restoreWorld(snapshot, {
    seed,
    programs: (id) => (id === PRICES_PROGRAM ? prices.program : undefined),
    limits: { roundMessages: 1 },
  });
  return handlesOf({ world, treasuryId, wasm, prices, tokens: TOKENS, ledgerWasm: undefined });
}

/** The ways into a world, for whatever ledgers it has. */
export function handlesOf(parts: {
  readonly world: World;
  readonly treasuryId: Principal;
  readonly wasm: Uint8Array;
  readonly prices: TokenValueStandIn;
  readonly tokens: readonly [SimToken, ...SimToken[]];
  readonly ledgerWasm: Uint8Array | undefined;
}): MoneyWorld {
  const { world, treasuryId } = parts;
  const tokens = parts.tokens.map((token): TokenLedger => {
    return { ...token, ledger: ledgerClient(world, token.ledgerId) };
  });
  return {
    ...parts,
    tokens: [present(tokens[0], 'a world has a token'), ...tokens.slice(1)],
    as: kept((who) => world.actor<Treasury>(treasuryId, knownService, who)),
    submitAs: kept((who) => world.submitter<Treasury>(treasuryId, knownService, who)),
  };
}

const service = idlFactory({ IDL });

/** The declarations build the whole interface anew each time they are asked. */
function knownService(): IDL.ServiceClass {
  return service;
}

/** Makes one for each user. */
function kept<T>(make: (who: Principal) => T): (who: Principal) => T {
  const made = new Map<string, T>();
  return (who) => {
    const key = who.toText();
    const known = made.get(key) ?? make(who);
    made.set(key, known);
    return known;
  };
}

function prepare(): Prepared {
  const wasm = new Uint8Array(readFileSync(layoutOf('treasury').output.gzippedWasm));
  const world = openWorld({ tokens: TOKENS.map(({ genesis }) => genesis) });
  const { treasuryId } = installTreasury(world, { wasm, tokens: TOKENS });
  return { snapshot: world.snapshot(), treasuryId, wasm };
}

/** Installs and configures the treasury for the tokens of a world, and a token-value beside it. */
export function installTreasury(
  world: World,
  { wasm, tokens }: { readonly wasm: Uint8Array; readonly tokens: readonly SimToken[] },
): { readonly treasuryId: Principal; readonly prices: TokenValueStandIn } {
  const prices = new TokenValueStandIn();
  for (const { ledgerId, usdE8 } of tokens) {
    prices.prices.set(ledgerId.toText(), { kind: 'price', usdE8 });
  }
  world.installNative(TOKEN_VALUE, prices.program);
  const treasuryId = world.install({ wasm, controller: CONTROLLER });
  world.runUntilIdle();
  const controller = world.actor<Treasury>(treasuryId, idlFactory, CONTROLLER);
  const settings = { rental: RENTAL, arbiter: ARBITER, token_value: TOKEN_VALUE };
  expectOk(controller.set_settings(settings));
  for (const { ledgerId: ledger, symbol, decimals, fee, minPayout, hasIcrc3 } of tokens) {
    const config = {
      ...{ ledger, symbol, decimals, fee, min_payout: minPayout },
      ...{ has_icrc3_blocks: hasIcrc3, is_enabled: true },
    };
    expectOk(controller.set_token(config));
  }
  return { treasuryId, prices };
}

/** The value of an `Ok`; throws the message of anything else. */
export function expectOk<T>(
  result: { readonly Ok: T } | { readonly Err: { readonly message: string } },
): T {
  if ('Ok' in result) return result.Ok;
  throw new Error(`refused: ${result.Err.message}`);
}
