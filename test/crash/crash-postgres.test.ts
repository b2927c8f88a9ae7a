import { testStrikes } from './strike-servers.js';

testStrikes('postgres');
