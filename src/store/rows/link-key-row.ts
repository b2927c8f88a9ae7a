import type { LinkKey } from '../link-keys.js';
import type { Row } from './row.js';

export function toLinkKey(row: Row): LinkKey {
  const expiresAt = row['expires_at'] as number | null;
  return {
    id: row['id'] as string,
    secret: row['secret'] as string,
    createdAt: row['created_at'] as number,
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}
