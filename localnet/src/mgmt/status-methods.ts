import { idleCyclesBurnedPerDay } from '../core/cycles-cost.ts';
import { ErrorCode } from '../core/types.ts';
import { some } from '../core/candid-opt.ts';
import { canisterMethod } from './method.ts';
import { memoryMetrics } from './memory-metrics.ts';
import { notController, Refusal } from './refusal.ts';
import { definiteSettings } from './settings.ts';
import { CanisterIdRecord, type WireCanisterId } from './wire/lifecycle.ts';
import {
  CanisterInfoArgs,
  CanisterInfoResult,
  CanisterMetadataArgs,
  CanisterMetadataResult,
  CanisterStatusResult,
  FetchLogsArgs,
  FetchLogsResult,
  type WireCanisterInfo,
  type WireCanisterMetadata,
  type WireFetchLogs,
} from './wire/status.ts';

/** localnet counts no queries: the IC's figures cover days of many nodes. */
const NO_QUERY_STATS = {
  num_calls_total: 0n,
  num_instructions_total: 0n,
  request_payload_bytes_total: 0n,
  response_payload_bytes_total: 0n,
};

export const canisterStatus = canisterMethod<WireCanisterId>({
  argType: CanisterIdRecord,
  resultType: CanisterStatusResult,
  canisterId: (arg) => arg.canister_id,
  access: 'status',
  isQueryable: true,
  run: ({ state }, canister) => {
    const metrics = memoryMetrics(canister, state.peek(canister));
    const value = {
      status: { [canister.status]: null },
      ready_for_migration: canister.status === 'stopped' && canister.openCalls.size === 0,
      version: canister.version,
      settings: definiteSettings(canister.settings),
      module_hash: some(canister.moduleHash()),
      memory_size: Object.values(metrics).reduce((sum, bytes) => sum + bytes, 0n),
      memory_metrics: metrics,
      cycles: canister.cycles,
      reserved_cycles: 0n,
      idle_cycles_burned_per_day: idleCyclesBurnedPerDay(canister),
      query_stats: NO_QUERY_STATS,
    };
    return { kind: 'reply', value };
  },
});

export const canisterInfo = canisterMethod<WireCanisterInfo>({
  argType: CanisterInfoArgs,
  resultType: CanisterInfoResult,
  canisterId: (arg) => arg.canister_id,
  access: 'anyone',
  route: 'canisters',
  run: ({ state }, canister, { num_requested_changes: [wanted = 0n] }) => {
    const { changes, changesTotal } = state.peek(canister);
    const skipped = wanted < BigInt(changes.length) ? changes.length - Number(wanted) : 0;
    const value = {
      total_num_changes: changesTotal,
      recent_changes: changes.slice(skipped),
      module_hash: some(canister.moduleHash()),
      controllers: canister.settings.controllers,
    };
    return { kind: 'reply', value };
  },
});

export const canisterMetadata = canisterMethod<WireCanisterMetadata>({
  argType: CanisterMetadataArgs,
  resultType: CanisterMetadataResult,
  canisterId: (arg) => arg.canister_id,
  access: 'anyone',
  route: 'canisters',
  run: ({ call }, canister, { name }) => {
    const { code } = canister;
    const section =
      code?.kind === 'wasm' ? code.compiled.metadata.find((each) => each.name === name) : undefined;
    if (section === undefined) {
      throw new Refusal(
        ErrorCode.CanisterRejectedMessage,
        `Canister ${canister.key} has no metadata section '${name}'.`,
      );
    }
    if (!section.isPublic && !canister.isController(call.caller)) {
      throw notController(canister, call.caller);
    }
    return { kind: 'reply', value: { value: section.content } };
  },
});

export const fetchLogs = canisterMethod<WireFetchLogs>({
  argType: FetchLogsArgs,
  resultType: FetchLogsResult,
  canisterId: (arg) => arg.canister_id,
  access: 'logs',
  route: 'queries',
  isQueryable: true,
  run: (_scene, canister, { filter: [filter] }) => {
    const records = canister.logs
      .filter(({ index, timestampNs }) => {
        if (filter === undefined) return true;
        const byIndex = 'by_idx' in filter;
        const range = byIndex ? filter.by_idx : filter.by_timestamp_nanos;
        const position = byIndex ? index : timestampNs;
        return position >= range.start && position < range.end;
      })
      .map(({ index, timestampNs, content }) => ({
        idx: index,
        timestamp_nanos: timestampNs,
        content,
      }));
    return { kind: 'reply', value: { canister_log_records: records } };
  },
});
