import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { I18nextProvider } from 'react-i18next';
import { ClientContext } from './client.ts';
import { KeyboardProvider } from './keyboard/keyboard.tsx';
import { LiveContext } from './live/use-live-event.ts';
import type { Services } from './services.ts';
import { ProofContext } from './session/prove-again.tsx';
import { contrast, theme } from './theme/theme.ts';

/** Everything around the pages. */
export function App({ client, proofPrompt, live, queryClient, i18n, router, styleNonce }: Services) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={contrast}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <Notifications />
      <I18nextProvider i18n={i18n}>
        <QueryClientProvider client={queryClient}>
          <ClientContext value={client}>
            <LiveContext value={live}>
              <ProofContext value={proofPrompt}>
                <KeyboardProvider>
                  <RouterProvider router={router} />
                </KeyboardProvider>
              </ProofContext>
            </LiveContext>
          </ClientContext>
        </QueryClientProvider>
      </I18nextProvider>
    </MantineProvider>
  );
}
