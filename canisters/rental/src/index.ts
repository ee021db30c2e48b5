import { AccountEndpoints } from './endpoints/account.endpoints.ts';
import { AgentEndpoints } from './endpoints/agent.endpoints.ts';
import { ArchiveEndpoints } from './endpoints/archive.endpoints.ts';
import { CatalogueEndpoints } from './endpoints/catalogue.endpoints.ts';
import { FactEndpoints } from './endpoints/facts.endpoints.ts';
import { HealthEndpoints } from './endpoints/health.endpoints.ts';
import { JobEndpoints } from './endpoints/jobs.endpoints.ts';
import { LifecycleEndpoints } from './endpoints/lifecycle.endpoints.ts';
import { LoginEndpoints } from './endpoints/login.endpoints.ts';
import { NotificationEndpoints } from './endpoints/notifications.endpoints.ts';
import { OfferingEndpoints } from './endpoints/offerings.endpoints.ts';
import { ProviderEndpoints } from './endpoints/provider.endpoints.ts';
import { RecipeEndpoints } from './endpoints/recipes.endpoints.ts';
import { RecipeViewEndpoints } from './endpoints/recipes-view.endpoints.ts';
import { RentalViewEndpoints } from './endpoints/rental-view.endpoints.ts';
import { RentingEndpoints } from './endpoints/renting.endpoints.ts';
import { RunEndpoints } from './endpoints/runs.endpoints.ts';
import { SettingsEndpoints } from './endpoints/settings.endpoints.ts';
import { StrayEndpoints } from './endpoints/strays.endpoints.ts';

export default [
  LifecycleEndpoints,
  SettingsEndpoints,
  AccountEndpoints,
  LoginEndpoints,
  ProviderEndpoints,
  AgentEndpoints,
  CatalogueEndpoints,
  OfferingEndpoints,
  RecipeEndpoints,
  RecipeViewEndpoints,
  RentingEndpoints,
  RentalViewEndpoints,
  JobEndpoints,
  RunEndpoints,
  HealthEndpoints,
  StrayEndpoints,
  FactEndpoints,
  NotificationEndpoints,
  ArchiveEndpoints,
];
