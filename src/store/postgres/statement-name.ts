import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/** The text is the name: two versions of Earshot that share a session never mean different statements by one. */
export function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `earshot_${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`;
    names.set(sql, name);
  }
  return name;
}
