/** Ids that every plain object seems to hold already: what is keyed by data from outside must not be one. */
export const namesOfEveryObject = [
  '__proto__',
  ...Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__'),
];
