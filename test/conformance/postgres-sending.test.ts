import { afterAll } from 'vitest';
import { describeSending } from './describe-store.js';
import { openPostgresUnderTest } from './postgres-under-test.js';

const postgres = openPostgresUnderTest();
afterAll(() => postgres.drop());

describeSending('PostgreSQL', () => postgres.open(), { histories: 5 });
