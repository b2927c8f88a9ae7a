import { Auditor, earshotActor } from '../../access/auditor.js';
import type { AuditAction } from '../../domain/audit-actions.js';
import type { NewAuditRecord } from '../../store/audit-log.js';
import type { OpenData } from '../open-data.js';

/** What a command did, and to what. Nobody is signed in there: the record says so. */
export function tellAuditLog(
  { auditLog }: Pick<OpenData, 'auditLog'>,
  action: AuditAction,
  subject: NonNullable<NewAuditRecord['subject']>,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const told = { ...detail, by: 'the command line' };
  return new Auditor(auditLog, () => Date.now()).record({
    actor: earshotActor,
    action,
    subject,
    detail: told,
  });
}
