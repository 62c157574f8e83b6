// Tokens with power over others that were asked for, and the word of somebody else about each. What
// was approved is taken out at the command line by whoever asked: no secret is ever shown here.

import { useQuery } from '@tanstack/react-query'
import type { TokenGrantShown } from '@wardkey/protocol/admin/tokens'
import { decideGrant } from '../../api/acts.ts'
import { grantsQuery } from '../../api/grant-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Doer } from '../../parts/doer.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'

export function TokenGrants() {
  const query = useQuery(grantsQuery)
  return (
    <Answer query={query}>
      {({ grants }) => (
        <DataTable
          name="token-grants"
          isAbove
          label="Tokens that two people give"
          rows={grants}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            <p>
              No token with power over others was asked for. One is asked for with{' '}
              <code>wardkey-broker token ask</code>, and waits here for somebody else’s word.
            </p>
          }
        />
      )}
    </Answer>
  )
}

function standingOf({ decided, madeMs }: TokenGrantShown): string {
  if (madeMs !== undefined) return 'taken out'
  if (!decided) return 'waits'
  return decided.outcome === 'approved' ? 'to be taken out' : 'turned down'
}

function Decision({ grant: { id, name, scopes, proposed } }: { readonly grant: TokenGrantShown }) {
  const { can, who } = useSession()
  if (!can('tokens:approve')) return <span className="wk-quiet">somebody else’s</span>
  const isOwn = proposed.by === `person ${who.personId}`
  return (
    <div className="wk-buttons">
      <ActButton
        isSmall
        label={isOwn ? 'Take back' : 'Turn down'}
        question={`No token “${name}”?`}
        act={(pass) => decideGrant(id, 'rejected', pass)}
        said={() => 'Turned down'}
      >
        <p>There will be none. It can be asked for anew.</p>
      </ActButton>
      {!isOwn && (
        <ActButton
          isSmall
          label="Approve"
          question={`Approve the token “${name}”?`}
          act={(pass) => decideGrant(id, 'approved', pass)}
          said={() => 'Approved'}
        >
          <p>
            Whoever asked may take it out, once, within a week. It may then: {scopes.join(', ')}. It
            is undone by taking the token back.
          </p>
        </ActButton>
      )}
    </div>
  )
}

const columns: readonly ShownColumn<TokenGrantShown>[] = [
  { id: 'name', head: 'Token', text: ({ name }) => name },
  { id: 'standing', head: 'Standing', text: standingOf },
  {
    id: 'decided',
    head: 'Decision',
    text: ({ decided }) => decided?.by ?? '',
    cell: (grant) => (grant.decided ? <Doer by={grant.decided.by} /> : <Decision grant={grant} />),
  },
  { id: 'scopes', head: 'May', text: ({ scopes }) => scopes.join(', '), isProse: true },
  { id: 'note', head: 'Why', text: ({ note }) => note, isProse: true },
  {
    id: 'by',
    head: 'Asked for by',
    text: ({ proposed }) => proposed.by,
    cell: ({ proposed }) => <Doer by={proposed.by} />,
  },
  timeColumn({ id: 'at', head: 'Asked for' }, ({ proposed }) => proposed.atMs),
]
