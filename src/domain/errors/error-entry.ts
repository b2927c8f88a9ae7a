/** `status` is the HTTP status where the API answers with the error. */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
}

export type ErrorEntries = Readonly<Record<string, ErrorEntry>>;
