// The record as it grows, newest first, and what this page itself found out about its seal.

import { factCodes } from '@wardkey/protocol/fact-codes'
import type { Entry, Seal } from './verify-record.ts'

const shownMax = 60

export function RecordView({
  entries,
  seal,
}: {
  readonly entries: readonly Entry[]
  readonly seal: Seal
}) {
  return (
    <section class="record" aria-label="The record">
      <h2>The record</h2>
      <SealView seal={seal} />
      <ol class="facts" data-testid="facts" reversed>
        {entries
          .slice(-shownMax)
          .toReversed()
          .map(({ index, fact, isSigned }) => (
            <li key={index} class={isSigned ? 'fact signed' : 'fact'}>
              <span class="fact-index">{index}</span>
              <time>{timeOf(fact['atMs'])}</time>
              <span class="fact-code">{String(fact['code'])}</span>
              <span>
                {sentenceOf(String(fact['code']))} {detailOf(fact)}
              </span>
            </li>
          ))}
      </ol>
    </section>
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
function detailOf(fact: Entry['fact']): string {
  const fields = fact['fields']
  const reason =
    typeof fields === 'object' && fields !== null && 'reason' in fields ? fields.reason : ''
  const words = [fact['rule'], reason].filter((word) => typeof word === 'string' && word !== '')
  return words.length === 0 ? '' : `(${words.join(', ')})`
}

function timeOf(atMs: unknown): string {
  return typeof atMs === 'number' ? new Date(atMs).toLocaleTimeString() : ''
}
