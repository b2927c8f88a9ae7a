import { randomUUID } from 'node:crypto';
import { Auditor } from '../access/auditor.js';
import { SessionDesk } from '../access/session-desk.js';
import { SignInDesk } from '../access/sign-in-desk.js';
import type { Clock } from '../domain/clock.js';
import type { CommonRoles } from '../store/common-roles.js';
import { makeSecret } from './secrets.js';

/** Who signs in, and what is told of what they do. */
export function createAccess(store: CommonRoles, clock: Clock) {
  return {
    auditor: new Auditor(store.auditLog, clock),
    sessionDesk: new SessionDesk({ ...store, newSecret: makeSecret, clock }),
    signInDesk: new SignInDesk({ ...store, clock }),
    newSecret: makeSecret,
    newId: () => randomUUID(),
  };
}
