import { openData, type DataSettings, type OpenData } from '../open-data.js';

/**
 * Opens the data, beside a running server or without one, for as long as the work takes.
 * @throws AppError `data-dir-unusable` where the folder holds no data, unless `mayCreate`.
 */
export async function withData<T>(
  config: DataSettings,
  work: (data: OpenData) => Promise<T>,
  { mayCreate = false } = {},
): Promise<T> {
  const data = await openData(config, { mayCreate });
  try {
    return await work(data);
  } finally {
    await data.close();
  }
}
