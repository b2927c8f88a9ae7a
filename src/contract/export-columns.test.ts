import { expect, it } from 'vitest';
import { exportColumns as kept } from '../domain/export-job.js';
import { exportColumns } from './export-columns.js';

it('the columns that can be asked for are those that a table has, in their order', () => {
  expect(exportColumns).toEqual(kept);
});
