import type { QueuedMessage } from './call-context.ts';

/** One FIFO for all messages, hence FIFO for every (sender, receiver) pair (I5). */
export class MessageQueue {
  #items: QueuedMessage[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(message: QueuedMessage): void {
    this.#items.push(message);
  }

  shift(): QueuedMessage | undefined {
    const message = this.#items[this.#head];
    if (message === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  *[Symbol.iterator](): Generator<QueuedMessage> {
    for (let at = this.#head; at < this.#items.length; at += 1) {
      const message = this.#items[at];
      if (message !== undefined) yield message;
    }
  }
}
