import { openData, type DataSettings, type OpenData } from '../open-data.js';

/** Opens the data, beside a running server or without one, for as long as the work takes. */
export async function withData<T>(config: DataSettings, work: (data: OpenData) => Promise<T>): Promise<T> {
  const data = await openData(config, { mayCreate: true });
  try {
    return await work(data);
  } finally {
    await data.close();
  }
}
