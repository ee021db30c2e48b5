import { Principal } from '@dfinity/principal';
import { defineNative, type TypedHandler } from '../../core/define-native.ts';
import { NativeReject, type NativeContext, type NativeProgram } from '../../core/native.ts';
import { ErrorCode, reject } from '../../core/types.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { candidText } from '../candid-text.ts';
import { trap } from '../native-trap.ts';
import { accountOf } from '../ledger/core/account.ts';
import { GOVERNANCE_ID } from '../system-ids.ts';
import { CMC_SERVICE, CMC_TYPE_NAMES } from './cmc-idl.ts';
import { Cmc, type CmcGenesis } from './cmc.ts';
import type { WireRate } from './conversion-rate.ts';
import { createWithCycles, type WireCreateCanister } from './create-canister.ts';
import {
  notifyCreateCanister,
  notifyMintCycles,
  notifyTopUp,
  type WireNotifyCreate,
  type WireNotifyMint,
  type WireNotifyTopUp,
} from './notify.ts';
import type { WireSubnetList } from './subnet-lists.ts';

export const CMC_PROGRAM = 'cycles-minting';

const CANDID = candidText(CMC_SERVICE, CMC_TYPE_NAMES);

/** The cycles minting canister: cycles for ICP, from the reserve it was installed with. */
export function createCmc(genesis: CmcGenesis): NativeProgram {
  return cmcProgram(new Cmc(genesis));
}

/** A CMC to `load` a saved state into. */
export function emptyCmc(): NativeProgram {
  const mintingAccount = accountOf(Principal.anonymous());
  const nothing = { nowNs: 0n, defaultSubnets: [], xdrPermyriadPerIcp: 1n };
  return cmcProgram(new Cmc({ ...nothing, mintingAccount }));
}

function cmcProgram(cmc: Cmc): NativeProgram {
  return defineNative({
    programId: CMC_PROGRAM,
    candid: CANDID,
    service: CMC_SERVICE,
    handlers: { ...updates(cmc), ...queries(cmc), ...governance(cmc) },
    save: () => cmc.save(),
    load: (bytes) => cmc.load(bytes),
    nextTimerNs: () => (cmc.isCertified ? cmc.rates.nextRefreshNs : 0n),
    onTimer: (context) => {
      cmc.rates.refresh(context.timeNs);
      certify(cmc, context);
    },
  });
}

function certify(cmc: Cmc, context: NativeContext): void {
  cmc.rates.certify(context);
  cmc.isCertified = true;
}

function updates(cmc: Cmc): Record<string, TypedHandler> {
  return {
    notify_top_up: (context: NativeContext, arg: WireNotifyTopUp) => notifyTopUp(cmc, context, arg),
    notify_create_canister: (context: NativeContext, arg: WireNotifyCreate) =>
      notifyCreateCanister(cmc, context, arg),
    notify_mint_cycles: (context: NativeContext, arg: WireNotifyMint) =>
      notifyMintCycles(cmc, context, arg),
    create_canister: (context: NativeContext, arg: WireCreateCanister) =>
      createWithCycles(cmc, context, arg),
  };
}

function queries(cmc: Cmc): Record<string, TypedHandler> {
  return {
    get_icp_xdr_conversion_rate: (context: NativeContext) =>
      cmc.rates.certified(context, 'current'),
    get_average_icp_xdr_conversion_rate: (context: NativeContext) =>
      cmc.rates.certified(context, 'average'),
    get_subnet_types_to_subnets: () => ({ data: cmc.subnets.types }),
    get_principals_authorized_to_create_canisters_to_subnets: () => ({
      data: cmc.subnets.authorized,
    }),
    get_default_subnets: () => cmc.subnets.defaults,
    get_build_metadata: () => 'localnet stand-in for the cycles minting canister',
  };
}

interface WireAuthorize {
  readonly who: Opt<Principal>;
  readonly subnets: readonly Principal[];
}

type WireTypeChange = { readonly Add: string } | { readonly Remove: string };
type WireAssignment = { readonly Add: WireSubnetList } | { readonly Remove: WireSubnetList };

/** What only the governance canister may do. */
function governance(cmc: Cmc): Record<string, TypedHandler> {
  return {
    set_icp_xdr_conversion_rate: (context: NativeContext, rate: WireRate) => {
      checkGovernance(context);
      const refusal = cmc.rates.set(rate);
      if (refusal !== undefined) return { Err: refusal };
      certify(cmc, context);
      return { Ok: null };
    },
    // For anyone: there is no governance here to vote on a rate.
    localnet_set_icp_xdr_conversion_rate: (context: NativeContext, permyriad: bigint) => {
      rejectWith(cmc.rates.setNow(permyriad, context.timeNs));
      certify(cmc, context);
    },
    set_authorized_subnetwork_list: (context: NativeContext, arg: WireAuthorize) => {
      checkGovernance(context);
      const refusal = cmc.subnets.authorize(arg.who, arg.subnets);
      if (refusal !== undefined) trap(refusal);
    },
    update_subnet_type: (context: NativeContext, change: WireTypeChange) => {
      checkGovernance(context);
      rejectWith(
        'Add' in change ? cmc.subnets.addType(change.Add) : cmc.subnets.removeType(change.Remove),
      );
    },
    change_subnet_type_assignment: (context: NativeContext, change: WireAssignment) => {
      checkGovernance(context);
      rejectWith(
        'Add' in change ? cmc.subnets.assign(change.Add) : cmc.subnets.unassign(change.Remove),
      );
    },
  };
}

function checkGovernance(context: NativeContext): void {
  if (context.caller.compareTo(GOVERNANCE_ID) !== 'eq') {
    trap('Only the governance canister can call this method.');
  }
}

function rejectWith(refusal: string | undefined): void {
  if (refusal === undefined) return;
  throw new NativeReject(reject(ErrorCode.CanisterRejectedMessage, refusal));
}
