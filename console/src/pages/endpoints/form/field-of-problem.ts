import { ApiProblem } from '../../../../../src/contract/client.ts';
import type { FieldName } from './endpoint-values.ts';

/** Where the form has a member of the API under another name. */
const renamed: Readonly<Record<string, FieldName>> = {
  'filter.taskId': 'taskId',
  'filter.batchId': 'batchId',
  'filter.outIdPrefix': 'outIdPrefix',
  'filter.minDurationSeconds': 'minDurationSeconds',
  'auth.username': 'username',
  'auth.token': 'token',
  jitter: 'jitterPercent',
  start: 'startAt',
};

const fields = new Set<string>([
  ...['name', 'url', 'types', 'when', 'recordFile', 'batchSize', 'lingerMs', 'timeoutMs', 'concurrency'],
  ...['ratePerSecond', 'retrySchedule', 'retryAfter', 'halving', 'gzip', 'headers', 'auth'],
]);

/** The field that a refusal is about: its sentence names the member first, between backticks. */
export function fieldOfProblem(error: Error): FieldName | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const [, member = ''] = /^`([^`]+)`/.exec(error.message) ?? [];
  const name = renamed[member] ?? member.replace(/[.[].*$/, '');
  return fields.has(name) || renamed[member] !== undefined ? (name as FieldName) : undefined;
}
