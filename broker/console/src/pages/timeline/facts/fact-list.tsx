// Facts as sentences, one under the other: what the record has behind each, and whether a signed
// checkpoint stands over it.

import { memo, useState } from 'react'
import type { Timeline, TimelineFact } from '@wardkey/protocol/console/timeline'
import { counted } from '../../../parts/names.ts'
import { Stamp, useZone } from '../../../parts/time/zone-choice.tsx'
import { toldText } from './told.ts'
import { placeText, whoText } from '../words.ts'

const drawnMax = 100

interface Props {
  readonly facts: readonly TimelineFact[]
  readonly timeline: Timeline
  readonly selected: ReadonlySet<number>
}

export const FactList = memo(function FactList({ facts, timeline, selected }: Props) {
  const [isWhole, setWhole] = useState(false)
  const drawn = isWhole ? facts : facts.slice(0, drawnMax)
  return (
    <>
      <ol className="wk-fact-list">
        {drawn.map((fact) => (
          <Fact
            key={fact.index}
            fact={fact}
            timeline={timeline}
            isSelected={selected.has(fact.index)}
          />
        ))}
      </ol>
      {drawn.length < facts.length && (
        <button
          type="button"
          className="wk-link"
          onClick={() => {
            setWhole(true)
          }}
        >
          Show all {counted(facts.length, 'fact')} in view
        </button>
      )}
    </>
  )
})

interface FactProps {
  readonly fact: TimelineFact
  readonly timeline: Timeline
  readonly isSelected: boolean
}

function Fact({ fact, timeline, isSelected }: FactProps) {
  const { index, atMs, code, sentence, rule, isSealed } = fact
  const { zone } = useZone()
  const told = toldText(fact, timeline, zone)
  const about = [
    timeline.people.length > 1 ? whoText(fact, timeline) : undefined,
    timeline.workstations.length > 1 ? placeText(fact, timeline) : undefined,
    rule === undefined ? undefined : `rule ${rule}`,
  ].filter((part) => part !== undefined)
  return (
    <li data-selected={isSelected || undefined}>
      <Stamp ms={atMs} form="clock" />
      <Seal isSealed={isSealed} />
      <details>
        <summary>
          {told ?? (
            <>
              {sentence} <span className="wk-quiet">{about.join(' · ')}</span>
            </>
          )}
        </summary>
        <Raw fact={fact} index={index} code={code} />
      </details>
    </li>
  )
}

export function Seal({ isSealed }: { readonly isSealed: boolean }) {
  const says = isSealed ? 'under a signed checkpoint' : 'not yet sealed'
  return (
    <span className={isSealed ? 'wk-seal wk-good' : 'wk-seal wk-quiet'} title={says}>
      <span aria-hidden="true">{isSealed ? '✓' : '○'}</span>
      <span className="wk-unseen">{says}</span>
    </span>
  )
}

function Raw({ fact, index, code }: { fact: TimelineFact; index: number; code: string }) {
  const { atMs, personId, workstationId, sessionId, fields = {} } = fact
  const all: (readonly [string, string | number | boolean | undefined])[] = [
    ['place in the record', index],
    ['code', code],
    ['at', new Date(atMs).toISOString()],
    ['person', personId],
    ['workstation', workstationId],
    ['session', sessionId],
    ...Object.entries(fields),
  ]
  return (
    <dl className="wk-raw">
      {all.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
