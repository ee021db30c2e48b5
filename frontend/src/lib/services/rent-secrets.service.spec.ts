import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import { sealSecrets } from './rent-secrets.service.ts';
import { openWith } from './seal.service.ts';

const TOKEN: Rental.RecipeField = {
  name: 'TOKEN',
  label: 'Token',
  help: '',
  is_required: true,
  field_type: { Secret: null },
};

describe('sealSecrets', () => {
  it('seals names and texts so that the agent alone can open them', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const sealed = await sealSecrets(recipient, { fields: [TOKEN], secrets: { TOKEN: 'hush' } });
    expect(new TextDecoder().decode(sealed)).not.toContain('hush');
    const opened = await openWith(identity, sealed);
    expect(JSON.parse(new TextDecoder().decode(opened))).toEqual({ TOKEN: 'hush' });
    await expect(openWith(await generateX25519Identity(), sealed)).rejects.toThrow();
  });

  it('sends nothing while the agent has not said what to seal to', async () => {
    const asked = sealSecrets(undefined, { fields: [TOKEN], secrets: { TOKEN: 'hush' } });
    await expect(asked).rejects.toThrow('they were not sent');
  });
});
