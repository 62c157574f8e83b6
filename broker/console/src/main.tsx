// The console's page begins here: the parts that every page stands in, and which page it is.

import './parts/style/libraries.ts'
import './parts/style/console.css'
import './parts/style/table.css'
import './parts/style/panel.css'
import { StrictMode } from 'react'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { Refused } from './api/ask.ts'
import { router } from './pages/routes.ts'
import { SessionGate } from './parts/shell/session.tsx'
import { theme } from './parts/style/theme.ts'
import { ZoneProvider } from './parts/time/zone-choice.tsx'

const nonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

/** What was answered with a no stays a no; a broker that is away may be back. */
const retry = (count: number, error: Error): boolean =>
  count < 2 && error instanceof Refused && (error.status === 0 || error.status >= 502)

const client = new QueryClient({
  defaultOptions: { queries: { retry, refetchOnWindowFocus: false, networkMode: 'always' } },
})

const at = document.getElementById('console')
if (at) {
  createRoot(at).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
        <QueryClientProvider client={client}>
          <ZoneProvider>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </ZoneProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
