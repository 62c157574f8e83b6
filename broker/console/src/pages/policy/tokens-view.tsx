// Tokens of administration: what each may and until when, whose powers it gives, and taking one
// back. They are made where somebody else approves them, and never shown again.

import { useQuery } from '@tanstack/react-query'
import { revokeToken, tokensQuery } from '../../api/token-queries.ts'
import type { TokenShown } from '../../api/token-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Doer } from '../../parts/doer.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { utcText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'

export function Tokens() {
  const { can } = useSession()
  const query = useQuery(tokensQuery)
  return (
    <Answer query={query}>
      {({ tokens }) => (
        <DataTable
          name="tokens"
          label="Tokens of administration"
          rows={tokens}
          columns={can('tokens:write') ? withTakingBack : columns}
          keyOf={({ tokenId }) => tokenId}
          empty={
            <p>
              There is none. A token for another system is made with{' '}
              <code>wardkey-broker token add</code>.
            </p>
          }
        />
      )}
    </Answer>
  )
}

const standings: Readonly<Record<NonNullable<TokenShown['maker']>['standing'], string>> = {
  here: 'good',
  away: 'rests: its maker is away',
  left: 'rests: its maker has left',
  'not-signed-in': 'rests: its maker did not sign in for 30 days',
}

function standingText({ maker }: TokenShown): string {
  if (!maker) return 'good'
  return maker.isResting ? standings[maker.standing] : 'good'
}

const columns: readonly ShownColumn<TokenShown>[] = [
  { id: 'name', head: 'Token', text: ({ name }) => name },
  {
    id: 'standing',
    head: 'Standing',
    text: standingText,
    isProse: true,
    cell: (row) => (
      <span className={row.maker?.isResting === true ? 'wk-warn' : 'wk-good'}>
        {standingText(row)}
      </span>
    ),
  },
  { id: 'may', head: 'May', text: ({ scopes }) => scopes.join(', '), isProse: true },
  {
    id: 'by',
    head: 'Made by',
    text: ({ madeBy }) => madeBy ?? '',
    cell: ({ madeBy }) => (madeBy === undefined ? '' : <Doer by={madeBy} />),
  },
  timeColumn({ id: 'made', head: 'Made' }, ({ createdMs }) => createdMs, 'day'),
  {
    id: 'until',
    head: 'Until',
    text: ({ expiresMs }) => (expiresMs === undefined ? 'no end' : utcText(expiresMs)),
    order: ({ expiresMs }) => expiresMs ?? Number.MAX_SAFE_INTEGER,
    cell: ({ expiresMs }) =>
      expiresMs === undefined ? 'no end' : <Stamp ms={expiresMs} form="day" />,
  },
]

const takingBack: ShownColumn<TokenShown> = {
  id: 'take-back',
  head: 'Take back',
  text: () => '',
  cell: ({ tokenId, name }) => (
    <ActButton
      isSmall
      isGrave
      label="Take it back"
      question={`Take back the token ${name}?`}
      act={(pass) => revokeToken(tokenId, pass)}
      said={() => 'Taken back'}
    >
      <p>
        It is good for nothing from now on: whatever uses it stops working. It cannot be undone;
        another one has to be made.
      </p>
    </ActButton>
  ),
}

/** Beside the standing, by which it is decided: at the end it would be out of sight. */
const withTakingBack = [...columns.slice(0, 2), takingBack, ...columns.slice(2)]
