/**
 * Which idle connections may still lead anywhere. One that turns out to be dead without a word (a lost route, a
 * firewall that forgot it) seldom is alone: whoever trusted the others would wait out the patience for each of them.
 */
export class IdleTrust {
  readonly #usedAt = new WeakMap<object, number>();
  #lostAt = -Infinity;

  /** A connection has worked until now. */
  worked(connection: object): void {
    this.#usedAt.set(connection, performance.now());
  }

  /** One was lost: those that lay idle by then are not trusted any more. */
  lost(): void {
    this.#lostAt = performance.now();
  }

  /** New ones are. */
  isTrusted(connection: object): boolean {
    return (this.#usedAt.get(connection) ?? Infinity) >= this.#lostAt;
  }
}
