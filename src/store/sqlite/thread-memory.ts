/**
 * V8 lets the young generation of every thread grow to 48 MB, and with seven threads that alone is more than
 * Earshot should need. What our threads hold for longer than a moment are batches, which are few and large:
 * a small young generation costs them nothing that could be measured.
 */
export const smallYoungGeneration = { maxYoungGenerationSizeMb: 8 };

/**
 * Of the thread that pushes on: it makes a body of every push and forgets it within a millisecond. In 8 MB a sixth of
 * its time went to collecting what would have been dead a moment later.
 */
export const roomyYoungGeneration = { maxYoungGenerationSizeMb: 32 };
