// What came of “this was not me”, in words. Pure.

import type { Disowned } from '@wardkey/protocol/console/own-record'
import { counted } from '../../parts/names.ts'

export function disownedText({ badges, sessions, wasSaid }: Disowned): string {
  if (wasSaid) return 'You had said so before: nothing changed.'
  const suspended =
    badges === 0
      ? 'The badge opened nothing any more before this'
      : `${counted(badges, 'badge')} suspended`
  const ended = sessions === 0 ? 'nothing was open' : `${counted(sessions, 'session')} ended`
  const next = badges === 0 ? '' : ' A workstation’s “Badge and PIN help” gives you a loaner.'
  return `${suspended}, ${ended}. Privacy and compliance are told.${next}`
}
