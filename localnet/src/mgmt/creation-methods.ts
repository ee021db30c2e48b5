import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { DEFAULT_SETTINGS } from '../core/canister-state.ts';
import { CREATE_CANISTER_FEE } from '../core/cycles-cost.ts';
import { ErrorCode } from '../core/types.ts';
import { creationDetails, recordChange } from './history.ts';
import { type Answer, canisterMethod, DONE, type MethodScene, subnetMethod } from './method.ts';
import { Refusal } from './refusal.ts';
import { applySettings, mergeSettings } from './settings.ts';
import {
  CanisterIdRecord,
  CreateCanisterArgs,
  ProvisionalCreateArgs,
  ProvisionalTopUpArgs,
  UpdateSettingsArgs,
  type WireCreateCanister,
  type WireProvisionalCreate,
  type WireTopUp,
  type WireUpdateSettings,
} from './wire/lifecycle.ts';

/** What a provisional canister gets if no amount is asked for. Source: dfinity/ic config. */
const PROVISIONAL_CYCLES = 100_000_000_000_000n;

export const createCanister = subnetMethod({
  argType: CreateCanisterArgs,
  resultType: CanisterIdRecord,
  route: 'canisters',
  run: (scene, arg) => {
    const { cycles } = scene.call;
    if (cycles < CREATE_CANISTER_FEE) {
      throw new Refusal(
        ErrorCode.InsufficientCyclesForCreateCanister,
        `Creating a canister requires a fee of ${CREATE_CANISTER_FEE.toString()} that is ` +
          `deducted from the canister's initial balance but only ${cycles.toString()} cycles ` +
          'were received with the create_canister request.',
      );
    }
    const answer = create(scene, arg as WireCreateCanister, {
      cycles: cycles - CREATE_CANISTER_FEE,
    });
    return { ...answer, cyclesUsed: cycles };
  },
});

export const provisionalCreate = subnetMethod({
  argType: ProvisionalCreateArgs,
  resultType: CanisterIdRecord,
  route: 'everyone',
  run: (scene, wire) => {
    const arg = wire as WireProvisionalCreate;
    const [id] = arg.specified_id;
    const cycles = arg.amount[0] ?? PROVISIONAL_CYCLES;
    if (id === undefined) return create(scene, arg, { cycles });
    if (!isHosted(id)) {
      throw new Refusal(
        ErrorCode.CanisterNotHostedBySubnet,
        `Unsuccessful validation of specified ID: ${id.toText()} is not hosted by this subnet.`,
      );
    }
    if (scene.kernel.get(id) !== undefined) {
      throw new Refusal(
        ErrorCode.CanisterIdAlreadyExists,
        `Unsuccessful canister creation: canister id ${id.toText()} already exists.`,
      );
    }
    return create(scene, arg, { cycles, id });
  },
});

/** Everything of the form of a canister id is in the subnet's one range. */
function isHosted(id: Principal): boolean {
  const bytes = id.toUint8Array();
  return bytes.length === 10 && bytes[8] === 1 && bytes[9] === 1;
}

function create(
  scene: MethodScene,
  arg: WireCreateCanister,
  options: { cycles: bigint; id?: Principal },
): Extract<Answer, { kind: 'reply' }> {
  const { kernel, call } = scene;
  const initial = { ...DEFAULT_SETTINGS, controllers: [call.caller] };
  const [wanted] = arg.settings;
  const settings = wanted === undefined ? initial : mergeSettings(initial, wanted);
  const canister = kernel.createCanister({ ...options, controllers: settings.controllers });
  try {
    applySettings(canister, settings);
  } catch (error) {
    kernel.canisters.delete(canister.key);
    throw error;
  }
  recordChange(scene, canister, {
    details: creationDetails(canister),
    senderVersion: arg.sender_canister_version,
  });
  return { kind: 'reply', value: { canister_id: canister.id } };
}

export const updateSettings = canisterMethod<WireUpdateSettings>({
  argType: UpdateSettingsArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'controllers',
  run: (scene, canister, arg) => {
    applySettings(canister, mergeSettings(canister.settings, arg.settings));
    canister.version += 1n;
    if (arg.settings.controllers.length > 0) {
      const { controllers } = canister.settings;
      const details = { controllers_change: { controllers } };
      recordChange(scene, canister, { details, senderVersion: arg.sender_canister_version });
    }
    return DONE;
  },
});

export const provisionalTopUp = canisterMethod<WireTopUp>({
  argType: ProvisionalTopUpArgs,
  canisterId: (arg) => arg.canister_id,
  access: 'anyone',
  run: (_scene, canister, arg) => {
    canister.cycles += arg.amount;
    return DONE;
  },
});

export const rawRand = subnetMethod({
  resultType: IDL.Vec(IDL.Nat8),
  route: 'canisters',
  run: ({ kernel }) => ({ kind: 'reply', value: kernel.randomBytes() }),
});
