// Whom the house forgot, who asked for it and who approved it, and the certificate of each. It is
// asked for and approved by commands.

import { useState } from 'react'
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ForgettingShown } from '@wardkey/protocol/admin/forget/forget'
import { fetchCertificate, forgettingsQuery } from '../../api/record/retention-queries.ts'
import { useAddress } from '../../parts/address.ts'
import { Doer } from '../../parts/doer.tsx'
import { nameText } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { saveFile } from '../../parts/save-file.ts'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { Trouble } from '../../parts/trouble.tsx'
import { GivenWord } from './given-word.tsx'
import { forgettingStateText } from './retention-words.ts'

export function Forgotten() {
  const [{ open }] = useAddress()
  const query = useQuery(forgettingsQuery)
  return (
    <Answer query={query}>
      {({ forgettings }) => {
        const shown = forgettings.find(({ id }) => id === open)
        return (
          <>
            <DataTable
              name="forgotten"
              label="Whom the house forgot"
              rows={forgettings}
              columns={columns}
              keyOf={({ id }) => id}
              opens
              empty={
                <p>
                  Nobody was forgotten. It is asked for on the broker’s host,{' '}
                  <code>wardkey-broker forget ask</code>, and approved by somebody else; then its
                  certificate stands here.
                </p>
              }
            />
            {shown && <ForgottenPanel key={shown.id} shown={shown} />}
          </>
        )
      }}
    </Answer>
  )
}

const columns: readonly ShownColumn<ForgettingShown>[] = [
  { id: 'whom', head: 'Whom', text: ({ personId }) => nameText({ personId }) },
  {
    id: 'state',
    head: 'Standing',
    text: forgettingStateText,
    cell: (row) => (
      <span className={row.state === 'asked' ? 'wk-warn' : 'wk-quiet'}>
        {forgettingStateText(row)}
      </span>
    ),
  },
  { id: 'law', head: 'By which law', text: ({ law }) => law },
  { id: 'why', head: 'Why', text: ({ reason }) => reason, isProse: true },
  timeColumn({ id: 'asked', head: 'Asked' }, ({ asked }) => asked.atMs),
  {
    id: 'by',
    head: 'Asked by',
    text: ({ asked }) => asked.by,
    cell: ({ asked }) => <Doer by={asked.by} />,
  },
  {
    id: 'decided',
    head: 'Decided by',
    text: ({ decided }) => decided?.by ?? '',
    cell: ({ decided }) => (decided ? <Doer by={decided.by} /> : ''),
  },
]

function ForgottenPanel({ shown }: { readonly shown: ForgettingShown }) {
  const { id, personId, law, reason, state, asked, decided } = shown
  return (
    <Panel title={nameText({ personId })}>
      <Facts
        of={[
          ['Standing', forgettingStateText(shown)],
          ['Person', <code key="person">{personId}</code>],
          ['Law', law],
          ['Why', reason],
          ['Asked', <GivenWord key="asked" {...asked} />],
          ...(decided ? [['Decided', <GivenWord key="decided" {...decided} />] as const] : []),
        ]}
      />
      {state === 'approved' && <Certificate id={id} />}
      {state === 'asked' && (
        <p>
          Somebody who did not ask decides, on the broker’s host:{' '}
          <code>wardkey-broker forget approve {id}</code>. It cannot be undone.
        </p>
      )}
    </Panel>
  )
}

function Certificate({ id }: { readonly id: string }) {
  const [said, setSaid] = useState('')
  const fetching = useMutation({
    mutationFn: () => fetchCertificate(id),
    onSuccess: ({ certificate }) => {
      saveFile(`wardkey-certificate-${id}.txt`, 'text/plain;charset=utf-8', certificate)
      setSaid('Downloaded.')
    },
  })
  return (
    <section className="wk-section">
      <h3>Its certificate</h3>
      <p>
        What was destroyed, when, by whom and under which law. Whoever has the record’s verifier key
        proves it, on any machine: <code>wardkey-record verify-certificate</code>
      </p>
      {fetching.error && <Trouble error={fetching.error} />}
      <div className="wk-buttons-row">
        <Button
          color="ward"
          disabled={fetching.isPending}
          onClick={() => {
            setSaid('')
            fetching.mutate()
          }}
        >
          Download the certificate
        </Button>
        <span role="status">{said}</span>
      </div>
    </section>
  )
}
