/**
 * Characters of a password at least: long rather than complicated (NIST SP 800-63B). Apart from the schemas, so that
 * a page that only needs the number is not sent what makes schemas.
 */
export const minPasswordLength = 10;
