import { afterAll } from 'vitest';
import { describePeople } from './describe-store.js';
import { openPostgresUnderTest } from './postgres-under-test.js';

const postgres = openPostgresUnderTest();
afterAll(() => postgres.drop());

describePeople('PostgreSQL', () => postgres.open());
