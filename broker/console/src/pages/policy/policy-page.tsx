// What holds here? The written policies with what is proposed, the zones with their rules, how the
// house is run at the moment, and how it is shown to an auditor.

import { useQuery } from '@tanstack/react-query'
import type { VersionSummary } from '@wardkey/protocol/admin/policy'
import { versionsQuery } from '../../api/settings-queries.ts'
import { Allowed, ForOthers } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { Doer } from '../../parts/doer.tsx'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { EvidenceView } from './evidence/evidence-view.tsx'
import { Streams } from './streams-view.tsx'
import { TokenGrants } from './token-grants-view.tsx'
import { Tokens } from './tokens-view.tsx'
import { Modes, Zones } from './zones.tsx'
import { VersionPanel } from './version-panel.tsx'
import { standingOf } from './version-standing.ts'
import './policy.css'

type Show = 'versions' | 'zones' | 'streams' | 'tokens' | 'evidence'

export function PolicyPage() {
  return (
    <Allowed page="/policy">
      <Policy />
    </Allowed>
  )
}

function Policy() {
  const [address] = useAddress()
  const { can } = useSession()
  const maySeeStreams = can('streams:read')
  const maySeeTokens = can('tokens:read')
  const mayMakeEvidence = can('evidence:make')
  const show = showOf(address['show'], { streams: maySeeStreams, tokens: maySeeTokens })
  const query = useQuery(versionsQuery)
  const waiting = query.data?.versions.filter((one) => standingOf(one) === 'waits').length
  const inForce = query.data?.versions.find(({ isInForce }) => isInForce)
  const openNumber = Number(address['open'])
  return (
    <>
      <PageTitle question="What holds here?">
        {inForce && (
          <p>
            Version {inForce.number} is in force;{' '}
            {waiting === 0 ? 'nothing waits.' : `${counted(waiting ?? 0, 'proposal')} to decide.`}
          </p>
        )}
      </PageTitle>
      <Modes />
      <div className="wk-bar">
        <Tabs<Show>
          label="What to look at"
          value={show}
          tabs={[
            ['versions', 'Policies', query.data?.versions.length],
            ['zones', 'Zones'],
            ...(maySeeStreams ? ([['streams', 'Other systems']] as const) : []),
            ...(maySeeTokens ? ([['tokens', 'Tokens']] as const) : []),
            ...(mayMakeEvidence ? ([['evidence', 'Evidence']] as const) : []),
          ]}
        />
      </div>
      {show === 'zones' && <Zones />}
      {show === 'streams' && <Streams />}
      {show === 'tokens' && (
        <>
          <section className="wk-section">
            <h2>Asked for by somebody</h2>
            <TokenGrants />
          </section>
          <section className="wk-section">
            <h2>In use</h2>
            <Tokens />
          </section>
        </>
      )}
      {show === 'evidence' &&
        (mayMakeEvidence ? (
          <EvidenceView />
        ) : (
          <ForOthers needs={['evidence:make']} what="part of the page" />
        ))}
      {show === 'versions' && (
        <Answer query={query}>{({ versions }) => <Versions versions={versions} />}</Answer>
      )}
      {address['open'] !== undefined && Number.isSafeInteger(openNumber) && show === 'versions' && (
        <VersionPanel key={openNumber} number={openNumber} />
      )}
    </>
  )
}

function showOf(
  text: string | undefined,
  may: { readonly streams: boolean; readonly tokens: boolean },
): Show {
  if ((text === 'streams' || text === 'tokens') && may[text]) return text
  return text === 'zones' || text === 'evidence' ? text : 'versions'
}

function Versions({ versions }: { readonly versions: readonly VersionSummary[] }) {
  return (
    <DataTable
      name="policies"
      label="Versions of the policies"
      rows={versions}
      columns={columns}
      keyOf={({ number }) => String(number)}
      opens
      empty={<p>No version is known.</p>}
    />
  )
}

const columns: readonly ShownColumn<VersionSummary>[] = [
  {
    id: 'number',
    head: 'Version',
    text: ({ number }) => String(number),
    order: ({ number }) => number,
    cell: ({ number }) => `Version ${String(number)}`,
  },
  {
    id: 'standing',
    head: 'Standing',
    text: standingOf,
    cell: (version) => {
      const standing = standingOf(version)
      const colour = { 'in force': 'wk-good', waits: 'wk-warn' }[standing as string] ?? 'wk-quiet'
      return <span className={colour}>{standing}</span>
    },
  },
  { id: 'note', head: 'Why', text: ({ note }) => note, isProse: true },
  { id: 'based', head: 'Based on', text: ({ basedOn }) => String(basedOn) },
  {
    id: 'by',
    head: 'Proposed by',
    text: ({ proposed }) => proposed?.by ?? 'Wardkey',
    cell: ({ proposed }) => (proposed ? <Doer by={proposed.by} /> : 'Wardkey'),
  },
  timeColumn({ id: 'at', head: 'Proposed' }, ({ proposed }) => proposed?.atMs),
  {
    id: 'decided',
    head: 'Decided by',
    text: ({ decided }) => decided?.by ?? '',
    cell: ({ decided }) => (decided ? <Doer by={decided.by} /> : ''),
  },
]
