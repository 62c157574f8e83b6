// The console's page begins here: the parts that every page stands in, and which page it is.

import '@mantine/core/styles.css'
import { MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'

const nonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''

const at = document.getElementById('console')
if (at) {
  createRoot(at).render(
    <MantineProvider defaultColorScheme="auto" getStyleNonce={nonce}>
      <main>Wardkey</main>
    </MantineProvider>,
  )
}
