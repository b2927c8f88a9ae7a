import type { CommonRoles } from '../../src/store/common-roles.js';
import { testStart } from '../support/temporary-store.js';

/** Tables that grow for years; nobody who waits may wait for all of one. */
export const growingTables = [
  'audit_log',
  'jobs',
  'comments',
  'call_tags',
  'waveforms',
  'sessions',
  'sign_in_failures',
  'hour_figures',
] as const;

type Ask = (roles: CommonRoles) => Promise<unknown>;

/** What somebody, or a worker, asks of them often. */
export const questions: Readonly<Record<string, Ask>> = {
  'the newest records': (roles) => roles.auditLogReader.list({ limit: 50 }),
  'the next page of them': (roles) => roles.auditLogReader.list({ limit: 50, before: 9_000 }),
  'records of an actor': (roles) => roles.auditLogReader.list({ limit: 50, actorId: 'a7', before: 9_000 }),
  'records of an action': (roles) => roles.auditLogReader.list({ limit: 50, action: 'act3' }),
  'records of a subject': (roles) =>
    roles.auditLogReader.list({ limit: 50, subjectId: 's77', subjectKind: 'call' }),
  'records of a kind': (roles) => roles.auditLogReader.list({ limit: 50, subjectKind: 'recording' }),
  'records of a day': (roles) =>
    roles.auditLogReader.list({ limit: 50, from: testStart + 5_000, to: testStart + 6_000, before: 5_500 }),
  'records of an actor on a day': (roles) =>
    roles.auditLogReader.list({ limit: 50, actorId: 'a7', from: testStart + 500, to: testStart + 6_000 }),
  'the chain': (roles) => roles.auditLogReader.read(5_000, 1_000),
  'the end of the chain': (roles) =>
    roles.auditLog.append([
      { at: testStart, actor: { kind: 'earshot', id: 'earshot', name: '' }, action: 'x' },
    ]),
  'the newest jobs': (roles) => roles.jobs.list({ limit: 20, before: 'j500' }),
  'jobs of an owner': (roles) => roles.jobs.list({ limit: 20, ownerId: 'a7', before: 'j500' }),
  'a job that is free': (roles) => roles.jobWork.claim(testStart, testStart + 1),
  'jobs that expire': (roles) => roles.jobWork.expire(testStart, 10),
  'comments of a call': (roles) => roles.comments.ofCall('77^77'),
  'tags of calls': (roles) => roles.tags.ofCalls(['77^77', '78^78', '79^79']),
  'waveforms of recordings': (roles) => roles.waveforms.list(['r77', 'r78', 'r79']),
  'a session': (roles) => roles.sessions.find('h77', testStart),
  'sessions of an account': (roles) => roles.sessions.listOf('a77', testStart),
  'sessions that are over': (roles) => roles.sessions.sweep(testStart, 10),
  'failures of a key': (roles) => roles.signInFailures.since('k77', testStart),
  'one more failure': (roles) => roles.signInFailures.record('k77', testStart),
  'failures that are old': (roles) => roles.signInFailures.sweep(testStart, 10),
  'figures of a day': (roles) => roles.hours.since(testStart + 9_000),
  'figures that are old': (roles) => roles.hours.sweep(testStart + 5, 10),
};

/** Statements that fill them with so many rows each, of `i` from 1 on; `series` is a table of these numbers. */
export function fillSql(series: string): readonly string[] {
  const at = `${testStart} + i`;
  return [
    `INSERT INTO audit_log SELECT i, ${at}, 'account', 'a' || i % 400, '', 'act' || i % 30,
       CASE WHEN i % 500 = 0 THEN 'recording' ELSE 'call' END, 's' || i % 1000, NULL, NULL, '', '' FROM ${series}`,
    `INSERT INTO jobs (id, format, request, owner_id, owner_name, state, done, bytes, created_at, expires_at, generation)
       SELECT 'j' || i, 'csv', '', 'a' || i % 400, '', CASE WHEN i % 1000 = 0 THEN 0 WHEN i % 10 = 0 THEN 2 ELSE 5 END,
         0, 0, ${at}, ${at}, 0 FROM ${series}`,
    `INSERT INTO comments (id, call_id, text, author_id, author_name, created_at)
       SELECT 'c' || i, i || '^' || i, '', '', '', ${at} FROM ${series}`,
    `INSERT INTO call_tags SELECT i, i || '^' || i, 't' || i % 50, ${at}, '', 0 FROM ${series}`,
    `INSERT INTO waveforms (recording, reason) SELECT i, 'broken' FROM ${series}`,
    `INSERT INTO sessions SELECT 'h' || i, 'a' || i % 400, ${at}, ${at}, ${at}, '', NULL, NULL FROM ${series}`,
    `INSERT INTO sign_in_failures SELECT 'k' || i % 400, ${at}, 1 FROM ${series}`,
    `INSERT INTO hour_figures SELECT ${at}, 'pushes', 1 FROM ${series}`,
  ];
}
