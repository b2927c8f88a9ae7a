/** One thing looked at. Where it is not well, `remedy` is the command that mends it. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly remedy?: string;
}
