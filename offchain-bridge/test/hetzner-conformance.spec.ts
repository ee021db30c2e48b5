import { cloudConformance } from './cloud.conformance.ts';
import { openHetznerWorld } from './hetzner-world.ts';

cloudConformance('Hetzner today', () => openHetznerWorld('current'));
cloudConformance('Hetzner before July 2026', () => openHetznerWorld('before-2026-07'));
