// The newest of the record as it grows: what it tells in plain words, and what only programs care
// about where that is asked for. Above it, what this page itself found out about its seal.

import { useState } from 'preact/hooks'
import { factCodes } from '@wardkey/protocol/fact-codes'
import { FactView } from '@wardkey/protocol/story/fact-view'
import type { Names } from '@wardkey/protocol/story/fact-view'
import { tellFact } from '@wardkey/protocol/story/tell-fact'
import type { Entry, Seal } from './verify-record.ts'

const shownMax = 60

interface RecordViewProps {
  readonly entries: readonly Entry[]
  readonly seal: Seal
  readonly names: Names
}

export function RecordView({ entries, seal, names }: RecordViewProps) {
  const [isWhole, setIsWhole] = useState(false)
  const told = entries.map((entry) => {
    const view = new FactView(entry.fact, names)
    return { ...entry, view, sentence: tellFact(view) }
  })
  const shown = isWhole ? told : told.filter(({ sentence }) => sentence !== undefined)
  return (
    <section class="record" aria-label="The record">
      <h2>The record</h2>
      <SealView seal={seal} />
      <p class="record-note">
        It holds ids, not names: this page was told the names beside it. It checks every entry and
        shows the newest {shownMax}.{' '}
        <label>
          <input
            type="checkbox"
            checked={isWhole}
            data-testid="whole-record"
            onChange={() => {
              setIsWhole(!isWhole)
            }}
          />{' '}
          Show also what only programs care about
        </label>
      </p>
      <ol class="facts" data-testid="facts" reversed>
        {shown
          .slice(-shownMax)
          .toReversed()
          .map(({ index, view, sentence, isSigned }) => (
            <li key={index} class={isSigned ? 'fact signed' : 'fact'}>
              <span class="fact-index">{index}</span>
              <time>{timeOf(view.atMs)}</time>
              <span class="fact-code">{view.code}</span>
              <span>
                <Marks view={view} />
                {sentence ?? `${sentenceOf(view.code)} ${detailOf(view)}`}
              </span>
            </li>
          ))}
      </ol>
    </section>
  )
}

/** What every entry about an emergency bears, and every one that was decided without the broker. */
function Marks({ view }: { readonly view: FactView }) {
  return (
    <>
      {view.isEmergency && <strong class="mark mark-grave">Emergency</strong>}
      {view.isOffline && <strong class="mark">Offline</strong>}
    </>
  )
}

function SealView({ seal }: { readonly seal: Seal }) {
  switch (seal.kind) {
    case 'waiting':
      return (
        <p class="seal" role="status">
          Waiting for the first checkpoint.
        </p>
      )
    case 'verified':
      return (
        <p class="seal seal-good" role="status" data-testid="seal">
          <strong>Verified in this page:</strong> {seal.size} entries under a signed checkpoint,
          root <code>{seal.root.slice(0, 16)}…</code>
        </p>
      )
    case 'failed':
      return (
        <p class="seal seal-bad" role="alert" data-testid="seal">
          <strong>The record is not as it was signed,</strong> at or after entry {seal.entry}.
        </p>
      )
    case 'unsupported':
      return (
        <p class="seal" role="status" data-testid="seal">
          This browser cannot check Ed25519 signatures, so the record is shown unverified.
        </p>
      )
  }
}

function sentenceOf(code: string): string {
  const known: Readonly<Record<string, { readonly sentence: string }>> = factCodes
  return known[code]?.sentence ?? ''
}

/** Rule and reason, where there are any: ids say nothing to a visitor. */
function detailOf(view: FactView): string {
  const words = [view.rule, view.text('reason')].filter((word) => word !== '')
  return words.length === 0 ? '' : `(${words.join(', ')})`
}

function timeOf(atMs: number): string {
  return atMs > 0 ? new Date(atMs).toLocaleTimeString() : ''
}
