/** A row as a driver hands it over: columns by name, in the types that both back ends keep them in. */
export type Row = Record<string, unknown>;
