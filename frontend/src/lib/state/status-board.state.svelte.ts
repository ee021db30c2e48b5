import { checkCanister } from '../services/canister-status.service.ts';
import { verdictOf, type CanisterLine } from '../services/verdict.service.ts';
import { app } from './app.state.svelte.ts';

/** The latest answer of each canister of the deployment. */
export class StatusBoard {
  lines = $state.raw<readonly CanisterLine[]>(waitingLines());
  checkedAtMs = $state<number>();
  isChecking = $state(false);
  readonly verdict = $derived(verdictOf(this.lines));

  /** Asks every canister anew. Never throws. */
  async refresh(): Promise<void> {
    if (this.isChecking) return;
    this.isChecking = true;
    const { deployment: network } = app;
    const { agent } = app.actors;
    await Promise.all(
      this.lines.map(async ({ name, canisterId }) => {
        const status = await checkCanister({ network, agent, canisterId });
        this.lines = this.lines.map((line) => (line.name === name ? { ...line, status } : line));
      }),
    );
    this.checkedAtMs = Date.now();
    this.isChecking = false;
  }
}

function waitingLines(): CanisterLine[] {
  return Object.entries(app.deployment.canisters).map(([name, canisterId]) => ({
    name,
    canisterId,
    status: { kind: 'checking' },
  }));
}
