import { AppError } from '../../domain/errors.js';

/** One server of a database, as `pg` wants it: everything of the URL, with this one host. */
export interface DatabaseHost {
  readonly connectionString: string;
  /** `host:port`, for sentences: no user, no password. */
  readonly name: string;
}

/**
 * Reads `postgres://user:password@host1:5432,host2:5432/name?…`. With several hosts, one after the other is tried
 * until one takes writes, as libpq does with `target_session_attrs=read-write`: so a promoted standby is found
 * without a restart. Whatever else the query says (`sslmode`, …) is for `pg`.
 * @throws AppError `setting-invalid`; the URL itself, which may hold a password, is in no message.
 */
export function parseDatabaseUrl(text: string): DatabaseHost[] {
  const match = /^(postgres(?:ql)?:\/\/)((?:[^@/?#]*@)?)([^/?#@]*)(\/[^?#]*)?(\?[^#]*)?$/.exec(text.trim());
  const [, scheme = '', login = '', hosts = '', path = '', query = ''] = match ?? [];
  if (!match || path.length < 2) throw refuse();
  return hosts.split(',').map((host) => {
    const connectionString = `${scheme}${login}${host}${path}${withoutTarget(query)}`;
    if (!URL.canParse(connectionString)) throw refuse();
    return { connectionString, name: host === '' ? 'localhost' : host };
  });
}

function withoutTarget(query: string): string {
  const parameters = new URLSearchParams(query);
  parameters.delete('target_session_attrs');
  const rest = parameters.toString();
  return rest === '' ? '' : `?${rest}`;
}

function refuse(): AppError {
  return new AppError(
    'setting-invalid',
    'The database URL cannot be read. Expected postgres://USER:PASSWORD@HOST[:PORT][,HOST2[:PORT]]/NAME; percent-encode what is special in user and password.',
  );
}
