import { Principal } from '@dfinity/principal';
import { contractViolation, type Ic0Host, outOfBounds } from './host.ts';

const RUN_STATUS = { running: 1, stopping: 2, stopped: 3 } as const;
const CERTIFIED_DATA_BYTES_MAX = 32;
const COUNTER_COST = 200;

/** Imports about the canister itself, the subnet, time, certification and settings. */
export function systemApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  const { canister, subnet } = host;
  const selfBytes = canister.id.toUint8Array();
  const copier =
    (source: () => Uint8Array) =>
    (target: number, offset: number, length: number): void => {
      host.charge(length >>> 0);
      host.copyOut(source(), { target, offset, length });
    };
  return {
    canister_self_size: () => selfBytes.length,
    canister_self_copy: copier(() => selfBytes),
    canister_status: () => RUN_STATUS[canister.status],
    canister_version: () => canister.version,
    subnet_self_size: () => subnet.subnetIdBytes.length,
    subnet_self_copy: copier(() => subnet.subnetIdBytes),
    root_key_size: () => subnet.rootKey.length,
    root_key_copy: copier(() => subnet.rootKey),
    time: () => host.execution.input.timeNs,
    global_timer_set: (atNs: bigint) => {
      const before = canister.globalTimerNs;
      canister.globalTimerNs = BigInt.asUintN(64, atNs);
      return before;
    },
    is_controller: (source: number, length: number) => {
      if (length >>> 0 > 29) throw contractViolation('is_controller: not a principal');
      return canister.isController(Principal.fromUint8Array(host.copyIn(source, length))) ? 1 : 0;
    },
    in_replicated_execution: () => (host.execution.input.isReplicated ? 1 : 0),
    performance_counter: (kind: number) => performanceCounter(host, kind),
    ...certificationApi(host),
    ...environmentApi(host),
  };
}

function performanceCounter(host: Ic0Host, kind: number): bigint {
  host.charge(COUNTER_COST);
  const { input } = host.execution;
  const used = input.instructionLimit - (host.heap.fuel.value as bigint);
  if (kind === 0) return used;
  if (kind === 1) return used + (input.context?.instructions ?? 0n);
  throw contractViolation(`performance_counter: unknown counter type ${kind.toString()}`);
}

function certificationApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  const certificate = (): Uint8Array => {
    const { execution } = host;
    const make = execution.input.dataCertificate;
    if (make === undefined) throw contractViolation('no data certificate present');
    execution.dataCertificateCache ??= make();
    return execution.dataCertificateCache;
  };
  return {
    certified_data_set: (source: number, length: number) => {
      if (length >>> 0 > CERTIFIED_DATA_BYTES_MAX) {
        throw contractViolation('certified_data_set: more than 32 bytes');
      }
      host.canister.certifiedData = host.copyIn(source, length);
    },
    data_certificate_present: () => (host.execution.input.dataCertificate === undefined ? 0 : 1),
    data_certificate_size: () => certificate().length,
    data_certificate_copy: (target: number, offset: number, length: number) => {
      host.charge(length >>> 0);
      host.copyOut(certificate(), { target, offset, length });
    },
  };
}

function environmentApi(host: Ic0Host): Record<string, (...args: never[]) => unknown> {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const variables = () => host.canister.settings.environmentVariables;
  const nameAt = (index: number): Uint8Array => {
    const variable = variables()[index >>> 0];
    if (variable === undefined) throw outOfBounds('environment variable index');
    return encode(variable.name);
  };
  const valueOf = (source: number, length: number): Uint8Array => {
    const name = host.text(source, length);
    const variable = variables().find((candidate) => candidate.name === name);
    if (variable === undefined) throw contractViolation(`environment variable ${name} not found`);
    return encode(variable.value);
  };
  return {
    env_var_count: () => variables().length,
    env_var_name_size: (index: number) => nameAt(index).length,
    env_var_name_copy: (index: number, target: number, offset: number, length: number) => {
      host.copyOut(nameAt(index), { target, offset, length });
    },
    env_var_name_exists: (source: number, length: number) => {
      const name = host.text(source, length);
      return variables().some((candidate) => candidate.name === name) ? 1 : 0;
    },
    env_var_value_size: (source: number, length: number) => valueOf(source, length).length,
    env_var_value_copy: (...args: number[]) => {
      const [source = 0, sourceLength = 0, target = 0, offset = 0, length = 0] = args;
      host.copyOut(valueOf(source, sourceLength), { target, offset, length });
    },
  };
}
