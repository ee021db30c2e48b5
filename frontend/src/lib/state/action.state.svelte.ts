import { troubleOf, type Trouble, type TroubleContext } from '../services/trouble.service.ts';

/** Something that a person does: one at a time, with what went wrong the last time. */
export class Action {
  isRunning = $state(false);
  trouble = $state.raw<Trouble>();
  readonly #context: TroubleContext;

  constructor(context: TroubleContext) {
    this.#context = context;
  }

  /** Gives whether it worked. Does nothing while it runs already. Never throws. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.isRunning) return false;
    this.isRunning = true;
    this.trouble = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.trouble = troubleOf(error, this.#context);
      return false;
    } finally {
      this.isRunning = false;
    }
  }

  clear(): void {
    this.trouble = undefined;
  }
}
