/** A row as a driver hands it over: columns by name, in the types that both back ends keep them in. */
export type Row = Record<string, unknown>;

/** Columns of a table, with the types that PostgreSQL is sent them in. */
export type Columns = Readonly<
  Record<string, 'bigint' | 'integer' | 'smallint' | 'double precision' | 'text'>
>;
