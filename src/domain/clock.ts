/** The current instant, in milliseconds since the UNIX epoch. Handed in, so that a test owns time. */
export type Clock = () => number;

/** A random number in [0, 1). Handed in, so that a test owns chance. */
export type Random = () => number;
