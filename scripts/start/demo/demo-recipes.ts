import { readFileSync } from 'node:fs';
import type {
  NewRecipe,
  RecipeField,
  VersionInput,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';

const MINUTE_NS = 60_000_000_000n;
const SITE_PORT = 8_080;

/** A recipe of the demo market with its first version. Works on a real Ubuntu, too. */
export interface DemoRecipe {
  readonly recipe: NewRecipe;
  readonly version: VersionInput;
}

function script(name: string): string {
  return readFileSync(new URL(`./recipes/${name}.sh`, import.meta.url), 'utf8');
}

function titleField(initial: string): RecipeField {
  return {
    name: 'TITLE',
    label: 'Title of the page',
    help: 'Shown at the top of the page.',
    is_required: true,
    field_type: { Text: { default: initial, max_length: 80 } },
  };
}

const PORT_FIELD: RecipeField = {
  name: 'PORT',
  label: 'Port',
  help: 'Where the service answers.',
  is_required: true,
  field_type: { Port: { default: SITE_PORT } },
};

const VERSION = {
  semver: '1.0.0',
  rollback_script: [] as [],
  min_machine: { cores: 1, memory_mb: 512, disk_gb: 5, archs: [] },
  images: ['ubuntu-24.04'],
  service_url: 'http://{ip}:{PORT}/',
  changelog: 'The first version.',
  is_breaking: false,
  expected_downtime_ns: MINUTE_NS,
};

/** What the demo's author publishes. */
export const DEMO_RECIPES: readonly DemoRecipe[] = [
  {
    recipe: {
      name: 'static-site',
      description: 'One web page with a title of your choice, served by a small program.',
      icon: '📄',
      tags: ['web', 'demo'],
      author_bps: 300,
    },
    version: {
      ...VERSION,
      script: script('static-site'),
      fields: [titleField('Hello from my own machine'), PORT_FIELD],
      health: { Http: { port: SITE_PORT, path: '/', status: 200, contains: '<h1>' } },
      post_install_notes: 'The page is /opt/site/server.mjs on the machine; edit it as you like.',
    },
  },
  {
    recipe: {
      name: 'guest-book',
      description: 'A guest book that everybody may sign, with a password for its owner.',
      icon: '📖',
      tags: ['web', 'demo', 'app'],
      author_bps: 500,
    },
    version: {
      ...VERSION,
      script: script('guest-book'),
      fields: [
        titleField('Our guest book'),
        PORT_FIELD,
        {
          name: 'ADMIN_PASSWORD',
          label: 'Password of the owner',
          help: 'Is made for you; nobody else can read it.',
          is_required: true,
          field_type: { GeneratedSecret: { length: 20 } },
        },
      ],
      health: { Http: { port: SITE_PORT, path: '/healthz', status: 200, contains: 'ok' } },
      post_install_notes: 'Remove all entries: curl -X DELETE -u owner:<password> <url>entries',
    },
  },
];
