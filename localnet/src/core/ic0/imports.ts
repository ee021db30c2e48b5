import { CanisterTrap } from '../trap.ts';
import { ErrorCode } from '../types.ts';
import { callsApi } from './calls-api.ts';
import { cyclesApi } from './cycles-api.ts';
import type { Ic0Host } from './host.ts';
import { messageApi } from './message-api.ts';
import { isAllowedAnywhere, isAllowedIn } from './permissions.ts';
import { stableApi } from './stable-api.ts';
import { systemApi } from './system-api.ts';

type HostFunction = (...args: never[]) => unknown;

/**
 * The functions a module imports from `ic0`, each refusing (IC0504) to run in an execution where
 * the IC forbids it.
 */
export function ic0Imports(host: Ic0Host, names: readonly string[]): WebAssembly.Imports {
  const api: Record<string, HostFunction> = {
    ...messageApi(host),
    ...cyclesApi(host),
    ...callsApi(host),
    ...stableApi(host),
    ...systemApi(host),
  };
  const ic0: Record<string, HostFunction> = {};
  for (const name of names) {
    const implementation = api[name];
    if (implementation === undefined) throw new Error(`BUG: ic0.${name} has no implementation`);
    ic0[name] = guarded(host, name, implementation);
  }
  return { ic0 };
}

function guarded(host: Ic0Host, name: string, implementation: HostFunction): HostFunction {
  if (isAllowedAnywhere(name)) return implementation;
  return (...args) => {
    const { kind } = host.execution.input;
    if (!isAllowedIn(name, kind)) {
      throw new CanisterTrap(
        ErrorCode.CanisterContractViolation,
        `Canister violated contract: "ic0.${name}" cannot be executed in ${kind} mode`,
      );
    }
    return implementation(...args);
  };
}
