/*
 * What forms ask for and the schemas check: apart from the schemas, so that a page that needs a number is not sent what
 * makes schemas.
 */
export { exportColumns } from '../domain/export-job.js';

export const maxTagLength = 60;
/** Any characters but commas and those that cannot be seen; no space at the ends. */
export const tagPattern = '^[^\\s,](?:[^,\\p{C}]*[^\\s,])?$';

/** Characters of a password at least: long rather than complicated (NIST SP 800-63B). */
export const minPasswordLength = 10;
