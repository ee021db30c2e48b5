import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, newPage, type OpenPage, type View } from '../support/browser.ts';
import { StartProcess } from '../support/start-process.ts';

/** As a person would wait for a machine, on a busy computer. */
const PATIENCE_MS = 120_000;

/** All of `npm start`, with clouds that answer at once, and a browser. */
export class DappWorld {
  readonly #stateDir = mkdtempSync(join(tmpdir(), 'dapp-'));
  readonly #browser: Browser;
  readonly start: StartProcess;

  private constructor(browser: Browser) {
    this.#browser = browser;
    this.start = new StartProcess({
      args: ['--port', '0', '--state-dir', this.#stateDir, '--cloud-delay', '0'],
    });
  }

  static async open(): Promise<DappWorld> {
    const world = new DappWorld(await launchBrowser());
    await world.start.printed('Running.');
    return world;
  }

  /** Where `npm start` keeps what it made: keys of the people of the demo market. */
  get stateDir(): string {
    return this.#stateDir;
  }

  /** Words of the demo renter, who has money. */
  get renterPhrase(): string {
    const [, words = ''] = /seed phrase: (.+)/.exec(this.start.output) ?? [];
    return words;
  }

  /** An address of the page. */
  urlOf(path: string): string {
    return new URL(path, this.start.valueOf('URL:')).href;
  }

  /** A fresh profile, in which nobody has signed in, at that address. */
  async visit(
    path: string,
    view: View = { widthPx: 1440, colorScheme: 'light' },
  ): Promise<OpenPage> {
    const opened = await newPage(this.#browser, view);
    opened.page.setDefaultTimeout(PATIENCE_MS);
    await opened.page.goto(this.urlOf(path));
    return opened;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.start.signal('SIGINT');
    await this.start.exitCode();
    rmSync(this.#stateDir, { recursive: true });
  }
}
