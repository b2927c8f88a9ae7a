import { testStrikes } from './strike-servers.js';

testStrikes('embedded');
