import type { Principal } from '@dfinity/principal';
import { defineNative, type TypedHandler } from '../../core/define-native.ts';
import type { NativeProgram } from '../../core/native.ts';
import { candidText } from '../candid-text.ts';
import { trap } from '../native-trap.ts';
import { guarded, permissionMethods } from './asset-permission-methods.ts';
import { assetQueries } from './asset-queries.ts';
import { loadAssetState, saveAssetState } from './asset-snapshot.ts';
import { AssetState } from './asset-state.ts';
import { AssetError } from './asset-types.ts';
import { committing, preparing, validating } from './asset-updates.ts';
import { ASSETS_SERVICE, ASSETS_TYPE_NAMES, PUBLISHED_ASSETS_SERVICE } from './assets-idl.ts';

export const ASSET_CANISTER_PROGRAM = 'certified-assets';

const CANDID = candidText(PUBLISHED_ASSETS_SERVICE, ASSETS_TYPE_NAMES);

/** Who may do what from the start. Whoever may commit may also prepare. */
export interface AssetCanisterOptions {
  readonly commit?: readonly Principal[];
  readonly prepare?: readonly Principal[];
  readonly managePermissions?: readonly Principal[];
}

/**
 * A stand-in for DFINITY's certified-assets canister: what `@dfinity/assets` and dfx upload to, and
 * what a gateway serves frontends from. Every response is certified, v1 and v2.
 *
 * Source: dfinity/sdk ic-certified-assets (interface and behaviour), HTTP gateway protocol.
 */
export function assetCanisterProgram(options: AssetCanisterOptions = {}): NativeProgram {
  const state = new AssetState();
  state.permissions.set('Commit', options.commit ?? []);
  state.permissions.set('Prepare', options.prepare ?? []);
  state.permissions.set('ManagePermissions', options.managePermissions ?? []);
  const { permissions } = state;
  return defineNative({
    programId: ASSET_CANISTER_PROGRAM,
    candid: CANDID,
    service: ASSETS_SERVICE,
    handlers: trappingOnRefusal({
      ...assetQueries(state),
      ...permissionMethods(permissions),
      ...guarded(permissions, 'Prepare', preparing(state)),
      ...guarded(permissions, 'Commit', committing(state)),
      ...validating(state),
    }),
    save: () => saveAssetState(state),
    load: (bytes) => {
      loadAssetState(state, bytes);
    },
    nextTimerNs: () => (state.isCertified ? undefined : 0n),
    onTimer: (context) => {
      state.certify(context);
    },
  });
}

/** A refused operation ends the call as a trap does in the real canister: code 5, nothing kept. */
function trappingOnRefusal(
  handlers: Readonly<Record<string, TypedHandler>>,
): Record<string, TypedHandler> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, TypedHandler] => [
      name,
      (context, ...args) => {
        try {
          return handler(context, ...args);
        } catch (error) {
          if (error instanceof AssetError) trap(error.message);
          throw error;
        }
      },
    ]),
  );
}
