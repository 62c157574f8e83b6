// What an end of the present workstation authority would lose, and what stands in its way, for the
// person at the terminal. Pure.

import { lostMax } from '@wardkey/protocol/admin/keys/authority-end'
import type { AuthorityShown } from '@wardkey/protocol/admin/keys/authority-end'
import { textTable, textTime } from '../text-table.ts'

/** With the next step; nothing where only workstations are left to be looked at. */
export function hinderedBy({ next, lacking }: AuthorityShown): string | undefined {
  if (!next) {
    return 'No authority was prepared to take its place: wardkey-broker keys prepare authority.'
  }
  if (next.state !== 'rotating') {
    return 'The next authority signs nothing yet: wardkey-broker keys rotate authority, and wait.'
  }
  if (lacking.length === 0) return undefined
  const rows = lacking.map(({ at, missing }) => [at, missing.join(' ')])
  return (
    'Brokers lack files of the next authority. Copy them into their key folders from another\n' +
    `broker's; they see it by themselves.\n\n${textTable(['BROKER', 'MISSING'], rows)}`
  )
}

export function lostTable({ without, lost, asked }: AuthorityShown): string {
  const soon = lost.filter(({ believes }) => believes).length
  const rows = lost.map((one) => [
    ...[one.place, one.zoneId, one.reachedMs === undefined ? 'never' : textTime(one.reachedMs)],
    one.believes ? 'with its next renewal' : 'when it connects, and is renewed after that',
  ])
  const heads = ['PLACE', 'ZONE', 'REACHED (UTC)', 'GETS ITS CERTIFICATE']
  const more = without > lostMax ? `\n… and ${String(without - lostMax)} more.` : ''
  const said = asked
    ? `\n\n${asked.by} has asked to end it (${textTime(asked.atMs)} UTC, ${String(asked.without)} lost then).`
    : ''
  return `${String(without)} active workstations have no certificate of the next authority:

${textTable(heads, rows)}${more}
${String(soon)} of those listed believe it already: wait for their renewals, half a week at most.
Switch on those that are off, or revoke those that are gone for good: then nothing is lost.
With --force the end is asked for all the same. Those that believe the next one already lock at
once and let nobody in; the others go on without a broker while their bundles last. All have to be
enrolled again: workstation reissue, with the new fingerprint.${said}`
}
