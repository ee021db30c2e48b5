import { CanisterTrap } from '../trap.ts';
import { ErrorCode, reject, reply } from '../types.ts';
import { contractViolation, type Ic0Host } from './host.ts';

type Numbers = (...args: number[]) => number | undefined;

const COPY_COST = 20;

/** Imports about the message being handled: argument, caller, reply, reject, inspection. */
export function messageApi(host: Ic0Host): Record<string, Numbers | (() => bigint | undefined)> {
  const input = () => host.execution.input;
  const callerBytes = (): Uint8Array => input().caller.toUint8Array();
  const rejectMessage = (): Uint8Array => new TextEncoder().encode(input().rejectMessage ?? '');
  const methodName = (): Uint8Array => new TextEncoder().encode(input().method);
  const copier =
    (source: () => Uint8Array): Numbers =>
    (target = 0, offset = 0, length = 0) => {
      host.charge(COPY_COST + (length >>> 0));
      host.copyOut(source(), { target, offset, length });
      return undefined;
    };
  return {
    msg_arg_data_size: () => input().arg.length,
    msg_arg_data_copy: copier(() => input().arg),
    msg_caller_size: () => callerBytes().length,
    msg_caller_copy: copier(callerBytes),
    msg_reject_code: () => input().rejectCode ?? 0,
    msg_reject_msg_size: () => rejectMessage().length,
    msg_reject_msg_copy: copier(rejectMessage),
    msg_deadline: () => 0n,
    msg_method_name_size: () => methodName().length,
    msg_method_name_copy: copier(methodName),
    accept_message: () => {
      if (host.execution.acceptedMessage) {
        throw contractViolation('ic0.accept_message called twice');
      }
      host.execution.acceptedMessage = true;
      return undefined;
    },
    ...responseApi(host),
  };
}

function responseApi(host: Ic0Host): Record<string, Numbers> {
  const refuseSecond = (): void => {
    if (host.execution.hasResponded) {
      throw contractViolation('the call has already been replied to');
    }
  };
  return {
    msg_reply_data_append: (source = 0, length = 0) => {
      refuseSecond();
      host.charge(COPY_COST + (length >>> 0));
      const execution = host.execution;
      execution.replyBytes += length >>> 0;
      if (execution.replyBytes > execution.input.replyBytesMax) {
        throw contractViolation('ic0.msg_reply_data_append: application payload size exceeded');
      }
      execution.replyChunks.push(host.copyIn(source, length));
      return undefined;
    },
    msg_reply: () => {
      refuseSecond();
      host.execution.response = reply(join(host.execution.replyChunks));
      return undefined;
    },
    msg_reject: (source = 0, length = 0) => {
      refuseSecond();
      host.charge(COPY_COST + (length >>> 0));
      const message = host.text(source, length);
      host.execution.response = reject(ErrorCode.CanisterRejectedMessage, message);
      return undefined;
    },
    debug_print: (source = 0, length = 0) => {
      host.charge(100 + (length >>> 0));
      host.execution.printed.push(host.copyIn(source, length));
      return undefined;
    },
    trap: (source = 0, length = 0) => {
      host.charge(COPY_COST + (length >>> 0));
      const message = new TextDecoder().decode(host.slice(source, length));
      throw new CanisterTrap(ErrorCode.CanisterCalledTrap, message);
    },
  };
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
