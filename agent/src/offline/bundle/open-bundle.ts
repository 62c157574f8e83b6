// From a signed text to a bundle that this workstation may believe, or to the reason why not. Pure:
// how old it is, is somebody else's question.

import { offlineBundle, signedBundle } from '@wardkey/protocol/workstation/offline-bundle'
import type { OfflineBundle } from '@wardkey/protocol/workstation/offline-bundle'
import { jsonOf, openSigned } from './signed-text.ts'

export type OpenedBundle =
  | { readonly kind: 'opened'; readonly bundle: OfflineBundle }
  | {
      readonly kind: 'refused'
      readonly reason: 'not-signed' | 'not-understood' | 'other-workstation'
    }

const refused = (reason: 'not-signed' | 'not-understood' | 'other-workstation'): OpenedBundle => ({
  kind: 'refused',
  reason,
})

/** Nothing of the text is looked at before its signature holds under the kept key. */
export function openBundle(text: string, bundleKey: string, workstationId: string): OpenedBundle {
  if (!signedBundle.safeParse(text).success) return refused('not-signed')
  const json = openSigned(text, bundleKey)
  if (json === undefined) return refused('not-signed')
  const parsed = offlineBundle.safeParse(jsonOf(json))
  if (!parsed.success) return refused('not-understood')
  const bundle = parsed.data
  return bundle.workstationId === workstationId
    ? { kind: 'opened', bundle }
    : refused('other-workstation')
}
