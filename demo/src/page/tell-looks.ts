// Light or dark, as the visitor's own browser has it, told so that the workstations' screens within
// the page go with it. It decides nothing.

import type { PageMessage } from '../demo-messages.ts'

const dark = '(prefers-color-scheme: dark)'

/** Now, and whenever it changes; what it returns ends that. */
export function tellLooks(say: (message: PageMessage) => void): () => void {
  const query = matchMedia(dark)
  const tell = (): void => {
    say({ kind: 'looks', isDark: query.matches })
  }
  tell()
  query.addEventListener('change', tell)
  return () => {
    query.removeEventListener('change', tell)
  }
}
