import type { Replica } from '../core/replica-api.ts';
import type { ProgramFactory } from '../core/state-image.ts';
import { ASSET_CANISTER_PROGRAM, assetCanisterProgram } from '../system/assets/asset-canister.ts';
import { installPriceWorld } from '../system/dex/price-world.ts';
import { GENESIS_PRICES, planPrices } from '../system/dex/price-plan.ts';
import { installSystemCanisters } from '../system/genesis.ts';
import { emptySystemProgram } from '../system/program-registry.ts';
import { CKBTC, CKUSDC, CKUSDT, DCT } from '../system/tokens.ts';

/**
 * What every network has from the start: ledgers in which the anonymous principal owns ICP, cycles
 * and tokens, and the sources of prices, which agree. KongSwap has gone, as on the mainnet.
 */
export function installStandardCanisters(replica: Replica): void {
  installSystemCanisters(replica, {
    tokens: [CKBTC, CKUSDC, CKUSDT, DCT],
    xdrPermyriadPerIcp: planPrices(GENESIS_PRICES).xdrPermyriadPerIcp,
  });
  installPriceWorld(replica, { kongSwap: 'deleted' });
}

/** Makes the native canisters of a network that began earlier. */
export const standardPrograms: ProgramFactory = (programId) =>
  programId === ASSET_CANISTER_PROGRAM ? assetCanisterProgram() : emptySystemProgram(programId);
