// One version of the policies: what it changes against what it was based on, and its decision,
// which somebody else makes than who proposed it.

import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { PolicyVersion } from '@wardkey/protocol/admin/policy'
import { decidePolicy } from '../../api/acts.ts'
import { versionQuery } from '../../api/settings-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Doer } from '../../parts/doer.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { lineDifferences } from './line-differences.ts'
import { standingOf } from './version-standing.ts'

export function VersionPanel({ number }: { readonly number: number }) {
  const query = useQuery(versionQuery(number))
  return (
    <Panel title={`Version ${String(number)}`}>
      <Answer query={query}>{(version) => <Shown version={version} />}</Answer>
    </Panel>
  )
}

function Shown({ version }: { readonly version: PolicyVersion }) {
  const { proposed, decided, note, basedOn, policies } = version
  return (
    <>
      <Facts
        of={[
          ['Standing', standingOf(version)],
          ['Why', note],
          ['Proposed', proposed ? <By key="proposed" {...proposed} /> : 'by Wardkey'],
          ...(decided ? [['Decided', <By key="decided" {...decided} />] as const] : []),
          ['Set', <code key="set">{policies.slice(0, 16)}</code>],
        ]}
      />
      {standingOf(version) === 'waits' && <Decision version={version} />}
      <section className="wk-section">
        <h3>Against version {basedOn}</h3>
        <Differences before={version.before} after={version.text} />
      </section>
    </>
  )
}

interface ByProps {
  readonly by: string
  readonly atMs: number
  readonly outcome?: string
}

function By({ by, atMs, outcome }: ByProps) {
  return (
    <>
      {outcome} by <Doer by={by} />, <Stamp ms={atMs} />
    </>
  )
}

function Decision({ version: { number, proposed } }: { readonly version: PolicyVersion }) {
  const { can, who } = useSession()
  if (!can('policy:approve')) {
    return <p className="wk-quiet">An administrator who did not propose it may decide.</p>
  }
  if (proposed?.by === `person ${who.personId}`) {
    return <p className="wk-quiet">You proposed this: somebody else decides.</p>
  }
  return (
    <div className="wk-buttons wk-decision">
      <ActButton
        label={`Turn version ${String(number)} down`}
        question={`Turn version ${String(number)} down?`}
        act={(pass) => decidePolicy(number, 'rejected', pass)}
        said={() => 'Turned down'}
      >
        <p>Nothing changes. It stays in the list, and can be proposed again as a new version.</p>
      </ActButton>
      <ActButton
        label={`Put version ${String(number)} in force`}
        question={`Put version ${String(number)} in force?`}
        act={(pass) => decidePolicy(number, 'approved', pass)}
        said={() => 'In force'}
      >
        <p>
          From the next tap on, at every workstation, these policies decide. It is undone by
          proposing the version before, which somebody else approves.
        </p>
      </ActButton>
    </div>
  )
}

const signs = { same: ' ', added: '+', removed: '−' } as const

function Differences({ before, after }: { readonly before: string; readonly after: string }) {
  const lines = useMemo(() => lineDifferences(before, after), [before, after])
  const changed = lines.filter(({ kind }) => kind !== 'same').length
  return (
    <>
      {changed === 0 && <p className="wk-quiet">Word for word the same.</p>}
      <pre className="wk-differences" tabIndex={0} aria-label="What differs, line by line">
        {lines.map(({ kind, text }, at) => (
          <span key={at} className={`wk-line-${kind}`}>
            {signs[kind]} {text}
          </span>
        ))}
      </pre>
    </>
  )
}
