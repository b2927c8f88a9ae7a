import { afterAll } from 'vitest';
import { describeReceiving } from './describe-store.js';
import { openPostgresUnderTest } from './postgres-under-test.js';

const postgres = openPostgresUnderTest();
afterAll(() => postgres.drop());

describeReceiving('PostgreSQL', () => postgres.open(), { histories: 5 });
