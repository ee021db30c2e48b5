import { IDL } from '@dfinity/candid';
import { defineNative, type TypedHandler } from '../../../core/define-native.ts';
import type {
  NativeContext,
  NativeHandler,
  NativeMethod,
  NativeProgram,
} from '../../../core/native.ts';
import { trap } from '../../native-trap.ts';
import type { Account } from '../core/account.ts';
import type { LedgerResult } from '../core/apply-transaction.ts';
import type { BlockLog } from '../core/block-log.ts';
import { readAccount } from '../wire/icrc-messages.ts';
import { FaultError } from './fault.ts';
import {
  FAULT_CANDID,
  FAULT_SERVICE,
  type WireArchiveNow,
  type WireMint,
} from './fault-service.ts';
import { readFault } from './fault-wire.ts';
import {
  FaultsSnapshot,
  readFaults,
  readRandom,
  writeCounters,
  writeFaults,
  type FaultsSnapshotValue,
  type WireArmedFault,
  type WireRandomFaults,
} from './faults-snapshot.ts';
import { LedgerFaults, type FaultTargets } from './ledger-faults.ts';
import { runFault, type LedgerControls } from './run-fault.ts';

/** A ledger whose calls can be made to fail. Until then it is as it would be without. */
export interface FaultyLedger extends NativeProgram {
  readonly faults: LedgerFaults;
  /** The blocks as they are now, whether the ledger shows them to anybody or not. */
  readonly log: () => BlockLog;
}

export interface AdminControls extends LedgerControls {
  log(): BlockLog;
  /** Tokens out of nothing, straight to an account. */
  mint(
    context: NativeContext,
    order: { readonly to: Account; readonly amount: bigint },
  ): LedgerResult;
}

export interface FaultyLedgerParts {
  readonly program: NativeProgram;
  readonly service: IDL.ServiceClass;
  /** The methods that append blocks. */
  readonly transactions: readonly string[];
  readonly controls: AdminControls;
}

const Snapshot = IDL.Record({ ledger: IDL.Vec(IDL.Nat8), faults: FaultsSnapshot });

interface SnapshotValue {
  readonly ledger: Uint8Array;
  readonly faults: FaultsSnapshotValue;
}

/** Adds fault switches and the `localnet_` methods to a ledger. */
export function faultyLedger(parts: FaultyLedgerParts): FaultyLedger {
  const { program, controls } = parts;
  const faults = new LedgerFaults(targetsOf(parts));
  const { held } = faults;
  const admin = defineNative({
    programId: program.programId,
    candid: FAULT_CANDID,
    service: FAULT_SERVICE,
    handlers: adminHandlers(faults, controls),
    save: () => new Uint8Array(0),
    load: () => undefined,
  });
  const ownTimerNs = (): bigint | undefined => program.nextTimerNs?.();
  return {
    programId: program.programId,
    candid: program.candid,
    adminCandid: FAULT_CANDID,
    methods: new Map([...spoilable(parts, faults), ...admin.methods]),
    faults,
    log: () => controls.log(),
    save: () => {
      const value: SnapshotValue = { ledger: program.save(), faults: writeFaults(faults.state()) };
      return new Uint8Array(IDL.encode([Snapshot], [value]));
    },
    load: (bytes) => {
      const [value] = IDL.decode([Snapshot], new Uint8Array(bytes)) as unknown as [SnapshotValue];
      program.load(new Uint8Array(value.ledger));
      faults.load(readFaults(value.faults));
    },
    nextTimerNs: () => (held.wantsRound ? 0n : ownTimerNs()),
    onTimer: (context) => {
      if (ownTimerNs() !== undefined) program.onTimer?.(context);
      held.onRound(context);
    },
  };
}

function targetsOf({ service, transactions }: FaultyLedgerParts): FaultTargets {
  const answers = new Map(service._fields.map(([name, func]) => [name, leavesOf(func)]));
  return {
    methods: new Set(answers.keys()),
    transactions: new Set(transactions),
    canAnswer: (method, leaf) => answers.get(method)?.has(leaf) ?? false,
  };
}

/** The cases of `Err` in a method's answer. */
function leavesOf(func: IDL.FuncClass): ReadonlySet<string> {
  const [result] = func.retTypes;
  if (!(result instanceof IDL.VariantClass)) return new Set();
  const error = result._fields.find(([name]) => name === 'Err')?.[1];
  if (!(error instanceof IDL.VariantClass)) return new Set();
  return new Set(error._fields.map(([name]) => name));
}

function spoilable(parts: FaultyLedgerParts, faults: LedgerFaults): [string, NativeMethod][] {
  return parts.service._fields.flatMap(([name, func]): [string, NativeMethod][] => {
    const method = parts.program.methods.get(name);
    if (method === undefined) return [];
    return [[name, { kind: method.kind, handle: spoil(parts, faults, { name, func, method }) }]];
  });
}

function spoil(
  { controls }: FaultyLedgerParts,
  faults: LedgerFaults,
  target: { readonly name: string; readonly func: IDL.FuncClass; readonly method: NativeMethod },
): NativeHandler {
  const { name, func, method } = target;
  return (context, arg) => {
    // A query outside consensus must change nothing, not even which fault comes next.
    if (!context.isReplicated) return method.handle(context, arg);
    const execute = () => {
      const before = controls.log().length;
      const outcome = method.handle(context, arg);
      faults.countBlocks(controls.log().length - before);
      return outcome;
    };
    const fault = faults.take(name);
    if (fault === undefined) return execute();
    const { held } = faults;
    return runFault(fault, { context, execute, answerTypes: func.retTypes, held, controls });
  };
}

function adminHandlers(
  faults: LedgerFaults,
  controls: AdminControls,
): Record<string, TypedHandler> {
  return {
    localnet_fault: (_context: NativeContext, { method, fault }: WireArmedFault) => {
      orTrap(() => {
        faults.next(method, readFault(fault));
      });
    },
    localnet_random_faults: (_context: NativeContext, random: WireRandomFaults) => {
      orTrap(() => {
        faults.random(readRandom(random));
      });
    },
    localnet_clear_faults: () => {
      faults.clear();
    },
    localnet_release: (context: NativeContext) => {
      const count = faults.release();
      context.resumeWaiting();
      return BigInt(count);
    },
    localnet_faults: () => writeFaults(faults.state()).armed,
    localnet_fault_counters: () => writeCounters(faults.counters),
    localnet_set_fee: (_context: NativeContext, fee: bigint) => {
      controls.setFee(fee);
    },
    localnet_mint: (context: NativeContext, { to, amount }: WireMint) => {
      const result = controls.mint(context, { to: readAccount(to), amount });
      return result.kind === 'ok' ? BigInt(result.blockIndex) : trap(result.error.kind);
    },
    localnet_archive_now: (context: NativeContext, arg: WireArchiveNow) =>
      archiveNow(controls, context, arg),
  };
}

function* archiveNow(controls: AdminControls, context: NativeContext, arg: WireArchiveNow) {
  const keepBlocks = Number(arg.keep_blocks);
  const moved = yield* controls.archiveNow(context, { keepBlocks, isNewArchive: arg.new_archive });
  return BigInt(moved);
}

/** An order that makes no sense is answered as a trap, with its reason. */
function orTrap(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof FaultError) trap(error.message);
    throw error;
  }
}
