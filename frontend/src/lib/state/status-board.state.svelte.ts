import type { HttpAgent } from '@dfinity/agent';
import { loadNetwork } from '../api/network.api.ts';
import { createAgent } from '../api/version.api.ts';
import type { Network } from '../schemas/network.schema.ts';
import { checkCanister, reasonText } from '../services/canister-status.service.ts';
import { verdictOf, type CanisterLine } from '../services/verdict.service.ts';

/** The page's state: the deployment and the latest answer of each of its canisters. */
export class StatusBoard {
  network = $state.raw<Network>();
  lines = $state.raw<readonly CanisterLine[]>([]);
  trouble = $state<string>();
  checkedAtMs = $state<number>();
  isChecking = $state(false);
  readonly verdict = $derived(verdictOf(this.lines, this.trouble));
  #agent: HttpAgent | undefined;

  /** Reads the deployment once and asks every canister anew. Never throws. */
  async refresh(): Promise<void> {
    if (this.isChecking) return;
    this.isChecking = true;
    try {
      await this.#check();
      this.trouble = undefined;
    } catch (error) {
      this.trouble = reasonText(error);
    } finally {
      this.isChecking = false;
    }
  }

  async #check(): Promise<void> {
    const network = (this.network ??= await loadNetwork());
    const agent = (this.#agent ??= createAgent(network));
    if (this.lines.length === 0) this.lines = waitingLines(network);
    await Promise.all(
      this.lines.map(async ({ name, canisterId }) => {
        const status = await checkCanister({ network, agent, canisterId });
        this.lines = this.lines.map((line) => (line.name === name ? { ...line, status } : line));
      }),
    );
    this.checkedAtMs = Date.now();
  }
}

function waitingLines(network: Network): CanisterLine[] {
  return Object.entries(network.canisters).map(([name, canisterId]) => ({
    name,
    canisterId,
    status: { kind: 'checking' },
  }));
}
