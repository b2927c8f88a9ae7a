import { afterAll } from 'vitest';
import { rounds } from '../support/test-run.js';
import { describeReceiving } from './describe-store.js';
import { openPostgresUnderTest } from './postgres-under-test.js';

const postgres = openPostgresUnderTest();
afterAll(() => postgres.drop());

describeReceiving('PostgreSQL', () => postgres.open(), { histories: rounds(2, 10) });
