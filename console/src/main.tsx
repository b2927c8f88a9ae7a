import './theme/component-styles.ts';
import '@mantine/notifications/styles.css';
import './theme/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { reloadAfterUpgrade } from './reload-after-upgrade.ts';
import { createServices } from './services.ts';

reloadAfterUpgrade();
const services = await createServices();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App {...services} />
  </StrictMode>,
);
