// One key: what it is for, which one it is, since when, what comes next, and what to do about it.

import type { ReactNode } from 'react'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { counted } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { waitWords } from './authority-words.ts'
import { problemOf } from './key-problem.ts'
import { keyPurpose, keyStateText, keyTitle, nextWords } from './key-standing.ts'

export function KeyPanel({ shown }: { readonly shown: KeyShown }) {
  const { id, sinceMs, isOlder, nextMs, endsMs, workstations } = shown
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Standing', keyStateText(shown)],
    ['Since', sinceMs === undefined ? 'not known' : <Since ms={sinceMs} isOlder={isOlder} />],
    ...(nextMs === undefined ? [] : [['Next change', <Stamp key="next" ms={nextMs} />] as const]),
    ...(endsMs === undefined
      ? []
      : [[shown.state === 'ended' ? 'Ended' : 'Ends', <Stamp key="ends" ms={endsMs} />] as const]),
    ...(workstations === undefined ? [] : workstationFacts(workstations)),
    ...(id === undefined ? [] : [['Id', <code key="id">{id}</code>] as const]),
  ]
  return (
    <Panel title={keyTitle(shown)}>
      <p>{keyPurpose(shown)}</p>
      <Facts of={facts} />
      <WhatToDo shown={shown} />
    </Panel>
  )
}

function workstationFacts({ active, told, renewed }: NonNullable<KeyShown['workstations']>) {
  const of = ` of ${counted(active, 'active workstation')}`
  return [
    ['Workstations told', `${String(told)}${of} have said that they believe it`],
    ['Renewed by it', `${String(renewed)}${of} have a certificate of it`],
  ] as const
}

function Since({ ms, isOlder }: { readonly ms: number; readonly isOlder: boolean }) {
  return (
    <>
      <Stamp ms={ms} />
      {isOlder && ' or earlier: nobody wrote down when it was made'}
    </>
  )
}

function WhatToDo({ shown }: { readonly shown: KeyShown }) {
  const { command, state } = shown
  const problem = problemOf(shown)
  return (
    <section className="wk-section">
      <h3>What to do</h3>
      {problem && (
        <>
          <p className="wk-bad">{problem.wrong}</p>
          <p>{problem.todo}</p>
        </>
      )}
      {!problem && <p className="wk-quiet">{calmWords(shown)}</p>}
      {command !== undefined && state !== 'ended' && (
        <p>
          On the broker’s host: <code>{command}</code>
        </p>
      )}
    </section>
  )
}

function calmWords(shown: KeyShown): string {
  if (shown.state === 'ended')
    return 'Nothing: it signs no more, and is kept to verify what it signed.'
  if (shown.workstations) return waitWords(shown)
  if (shown.state === 'prepared') return 'Nothing, until whoever runs the broker orders the change.'
  if (shown.rotation === 'schedule') return 'Nothing: another takes its place by itself.'
  if (shown.rotation === 'file') return 'Nothing. Another file in the key folder takes its place.'
  return `Nothing now. Another takes its place: ${nextWords(shown)}.`
}
