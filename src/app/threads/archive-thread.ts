import { parentPort } from 'node:worker_threads';
import type { StorePorts } from '../../store/sqlite/thread-roles.js';
import type { LogLevel } from '../settings.js';
import { stopSignal } from './thread-messages.js';

export interface ArchiveThreadData {
  readonly ports: StorePorts;
  readonly recordingsDir: string;
  readonly timeZone: string;
  readonly logLevel: LogLevel;
  readonly recordingHosts: readonly string[];
  readonly allowNetworks: readonly string[];
  readonly downloads: number;
  readonly downloadsPerHost: number;
  readonly maxRecordingBytes: number;
}
if (!parentPort) throw new Error('x');
const p = parentPort;
stopSignal(p).addEventListener('abort', () => p.close());
