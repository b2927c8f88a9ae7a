import { expect, it } from 'vitest';
import { auditActions } from '../../../../src/domain/audit-actions.ts';
import { actions } from './actions.ts';

it('every action of the audit log has words in the console', () => {
  expect([...actions].sort()).toEqual([...auditActions].sort());
});
