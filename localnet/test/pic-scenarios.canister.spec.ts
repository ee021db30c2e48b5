import { azleScenarios } from './scenarios/azle.scenario.ts';
import { callScenarios } from './scenarios/calls.scenario.ts';
import { instanceScenarios } from './scenarios/instances.scenario.ts';
import { lifecycleScenarios } from './scenarios/lifecycle.scenario.ts';
import { outcallScenarios } from './scenarios/outcalls.scenario.ts';
import { stateScenarios } from './scenarios/state.scenario.ts';
import { timeScenarios } from './scenarios/time.scenario.ts';

lifecycleScenarios();
callScenarios();
timeScenarios();
outcallScenarios();
stateScenarios();
instanceScenarios();
azleScenarios();
