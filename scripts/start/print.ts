import process from 'node:process';
import pc from 'picocolors';
import { secondsText } from '../lib/stage.ts';
