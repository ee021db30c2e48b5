import type { IcrcAccount } from '@dfinity/ledger-icrc';
import { sendTokens, type Sending, type Sent } from '../api/ledger.api.ts';
import type { Holding } from '../api/wallet.api.ts';
import { ledgerTroubleOf } from '../services/ledger-words.service.ts';
import type { Trouble } from '../services/trouble.service.ts';
import { app } from './app.state.svelte.ts';
import { stepUp } from './step-up.state.svelte.ts';
import { wallet } from './wallet.state.svelte.ts';

const OPEN =
  'It is not known whether it was sent. Trying again is safe: the ledger makes the same transfer once.';

/** One transfer out of the wallet. Trying it again asks the ledger for the very same one. */
export class WalletSend {
  isRunning = $state(false);
  trouble = $state.raw<Trouble>();
  sent = $state.raw<Sent>();
  #sending: Sending | undefined;

  /** What was typed changed: the next attempt is another transfer. */
  changed(): void {
    if (this.isRunning) return;
    this.#sending = undefined;
    this.trouble = undefined;
  }

  /** Never throws. Gives whether it is on the ledger. */
  async send(
    holding: Holding,
    what: { readonly to: IcrcAccount; readonly amount: bigint },
  ): Promise<boolean> {
    if (this.isRunning || !(await stepUp.ask('Send tokens'))) return false;
    this.isRunning = true;
    this.trouble = undefined;
    const { token } = holding;
    this.#sending ??= {
      ...what,
      ledger: token.ledger,
      fee: token.fee,
      createdAtNs: BigInt(Date.now()) * 1_000_000n,
    };
    try {
      this.sent = await sendTokens(app.actors, this.#sending);
      await wallet.refresh();
      return true;
    } catch (error) {
      const context = { what: 'It could not be sent.', money: OPEN, token };
      this.trouble = ledgerTroubleOf(error, context);
      if (this.trouble.leaf !== '') this.#sending = undefined;
      return false;
    } finally {
      this.isRunning = false;
    }
  }
}
