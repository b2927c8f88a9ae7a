// First, so that the page's code is on its way while the rest of this is being read.
import './ask-ahead.ts';
import './theme/component-styles.ts';
import '@mantine/notifications/styles.css';
import './theme/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createServices } from './services.ts';

// Not awaited here: a page's code imports from this file's bundle, and would wait for it to be done.
void createServices().then((services) => {
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App {...services} />
    </StrictMode>,
  );
});
