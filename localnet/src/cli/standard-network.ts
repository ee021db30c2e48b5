import type { Replica } from '../core/replica-api.ts';
import type { ProgramFactory } from '../core/state-image.ts';
import { ASSET_CANISTER_PROGRAM, assetCanisterProgram } from '../system/assets/asset-canister.ts';
import { installSystemCanisters } from '../system/genesis.ts';
import { emptySystemProgram } from '../system/program-registry.ts';
import { CKBTC, CKUSDC, CKUSDT } from '../system/tokens.ts';

/** What every network has from the start: the anonymous principal owns ICP, cycles and tokens. */
export function installStandardCanisters(replica: Replica): void {
  installSystemCanisters(replica, { tokens: [CKBTC, CKUSDC, CKUSDT] });
}

/** Makes the native canisters of a network that began earlier. */
export const standardPrograms: ProgramFactory = (programId) =>
  programId === ASSET_CANISTER_PROGRAM ? assetCanisterProgram() : emptySystemProgram(programId);
