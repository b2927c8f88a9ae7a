import { AppError } from '../../domain/errors.js';
import type { ReceiverEvent, ReceiverPush } from '../../simulator/receiver/receiver-event.js';
import type { ReceiverRequest } from '../../simulator/receiver/receiver-options.js';
import { openReceiver, type Receiver } from '../../simulator/receiver/receiver.js';

export type { Receiver, ReceiverEvent, ReceiverPush };

/**
 * Opens a receiver for trying things.
 * @throws SimulationOptionError for what cannot be; AppError where the address is taken.
 */
export async function listen(
  request: ReceiverRequest & { readonly host: string; readonly port: number },
  onEvent: (event: ReceiverEvent) => void,
): Promise<Receiver> {
  try {
    return await openReceiver(request, { clock: () => Date.now(), onEvent });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new AppError('address-in-use', `Something listens on ${request.host}:${request.port} already.`);
    throw error;
  }
}
