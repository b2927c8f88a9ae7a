export const maxTagLength = 60;
/** Any characters but commas and those that cannot be seen; no space at the ends. */
export const tagPattern = '^[^\\s,](?:[^,\\p{C}]*[^\\s,])?$';
