// Who gave a word, and when.

import { Doer } from '../../parts/doer.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'

export function GivenWord({ by, atMs }: { readonly by: string; readonly atMs: number }) {
  return (
    <>
      <Doer by={by} />, <Stamp ms={atMs} />
    </>
  )
}
