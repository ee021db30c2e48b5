import { IDL } from '@dfinity/candid';
import type { Execution, EarlyRejectCode, Fault } from './fault.ts';

const ExecutionType = IDL.Variant({
  AtOnce: IDL.Null,
  WhenReleased: IDL.Null,
  Never: IDL.Null,
});

const DelayedExecutionType = IDL.Variant({ AtOnce: IDL.Null, WhenReleased: IDL.Null });

/** A fault as `localnet_fault` takes it. */
export const FaultType = IDL.Variant({
  LostReply: IDL.Null,
  RejectBefore: IDL.Record({ code: IDL.Nat8 }),
  TrapBefore: IDL.Null,
  TemporarilyUnavailable: IDL.Null,
  GenericError: IDL.Record({ error_code: IDL.Nat, message: IDL.Text, is_executed: IDL.Bool }),
  FeeChange: IDL.Record({ fee: IDL.Nat }),
  NeverReply: IDL.Record({ executes: ExecutionType }),
  DelayReply: IDL.Record({ rounds: IDL.Nat32, executes: DelayedExecutionType }),
  GarbageReply: IDL.Null,
  ArchiveSplit: IDL.Null,
});

type WireDelayed = { readonly AtOnce: null } | { readonly WhenReleased: null };
type WireExecution = WireDelayed | { readonly Never: null };

export type WireFault =
  | { readonly LostReply: null }
  | { readonly RejectBefore: { readonly code: number } }
  | { readonly TrapBefore: null }
  | { readonly TemporarilyUnavailable: null }
  | {
      readonly GenericError: {
        readonly error_code: bigint;
        readonly message: string;
        readonly is_executed: boolean;
      };
    }
  | { readonly FeeChange: { readonly fee: bigint } }
  | { readonly NeverReply: { readonly executes: WireExecution } }
  | { readonly DelayReply: { readonly rounds: number; readonly executes: WireDelayed } }
  | { readonly GarbageReply: null }
  | { readonly ArchiveSplit: null };

export function writeFault(fault: Fault): WireFault {
  switch (fault.kind) {
    case 'lost-reply':
      return { LostReply: null };
    case 'reject-before':
      return { RejectBefore: { code: fault.code } };
    case 'trap-before':
      return { TrapBefore: null };
    case 'temporarily-unavailable':
      return { TemporarilyUnavailable: null };
    case 'generic-error': {
      const { errorCode: error_code, message, isExecuted: is_executed } = fault;
      return { GenericError: { error_code, message, is_executed } };
    }
    case 'fee-change':
      return { FeeChange: { fee: fault.fee } };
    case 'never-reply':
      return { NeverReply: { executes: writeExecution(fault.executes) } };
    case 'delay-reply':
      return { DelayReply: { rounds: fault.rounds, executes: writeDelayed(fault.executes) } };
    case 'garbage-reply':
      return { GarbageReply: null };
    case 'archive-split':
      return { ArchiveSplit: null };
  }
}

/** The fault meant; `checkFault` says whether its numbers make sense. */
export function readFault(wire: WireFault): Fault {
  if ('LostReply' in wire) return { kind: 'lost-reply' };
  if ('RejectBefore' in wire) {
    return { kind: 'reject-before', code: wire.RejectBefore.code as EarlyRejectCode };
  }
  if ('TrapBefore' in wire) return { kind: 'trap-before' };
  if ('TemporarilyUnavailable' in wire) return { kind: 'temporarily-unavailable' };
  if ('GenericError' in wire) {
    const { error_code: errorCode, message, is_executed: isExecuted } = wire.GenericError;
    return { kind: 'generic-error', errorCode, message, isExecuted };
  }
  if ('FeeChange' in wire) return { kind: 'fee-change', fee: wire.FeeChange.fee };
  if ('NeverReply' in wire) {
    return { kind: 'never-reply', executes: readExecution(wire.NeverReply.executes) };
  }
  if ('DelayReply' in wire) {
    const { rounds, executes } = wire.DelayReply;
    return { kind: 'delay-reply', rounds, executes: readDelayed(executes) };
  }
  return 'GarbageReply' in wire ? { kind: 'garbage-reply' } : { kind: 'archive-split' };
}

function writeExecution(execution: Execution): WireExecution {
  return execution === 'never' ? { Never: null } : writeDelayed(execution);
}

function writeDelayed(execution: Exclude<Execution, 'never'>): WireDelayed {
  return execution === 'at-once' ? { AtOnce: null } : { WhenReleased: null };
}

function readExecution(wire: WireExecution): Execution {
  return 'Never' in wire ? 'never' : readDelayed(wire);
}

function readDelayed(wire: WireDelayed): Exclude<Execution, 'never'> {
  return 'AtOnce' in wire ? 'at-once' : 'when-released';
}
