/** What moving a store keeps: see move-marks.ts. */
export const moveTables = `
CREATE TABLE move_marks (name text PRIMARY KEY, value text NOT NULL);
-- Attempts are read by their ids by nobody but a copy: pages of the table that hold a stretch of them cost next to nothing.
CREATE INDEX attempts_ids ON attempts USING brin (id);
CREATE INDEX delivery_attempts_ids ON delivery_attempts USING brin (id);
`;
