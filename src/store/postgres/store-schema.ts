import { callTables } from './calls-schema.js';
import { commonSchema } from './common-schema.js';
import { journalTables } from './journal-schema.js';
import { moveTables } from './move-schema.js';
import { sendingTables } from './sending-schema.js';

/** `schemaSteps[n]` leads from version n of the schema to n + 1: see migrate.ts. */
export const schemaSteps: readonly string[] = [
  [journalTables, callTables, sendingTables, moveTables].join('\n'),
  commonSchema,
];
