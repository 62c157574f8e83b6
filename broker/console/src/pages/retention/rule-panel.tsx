// One rule: who said so, and by which command somebody else decides. The page decides nothing.

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { RuleShown } from '@wardkey/protocol/admin/forget/retention'
import { Facts, Panel } from '../../parts/panel.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { GivenWord } from './given-word.tsx'
import { daysText, ruleStateText } from './retention-words.ts'

export function RulePanel({ rule }: { readonly rule: RuleShown }) {
  const { number, days, reason, clockIndex, proposed, decided, state } = rule
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Standing', ruleStateText(rule)],
    ['Access', daysText(days.access)],
    ['Presence', daysText(days.presence)],
    ['Administration', daysText(days.administration)],
    ['Operational', daysText(days.operational)],
    ['Why', reason],
    ...(clockIndex === undefined
      ? []
      : [['The clock', `is right at fact ${String(clockIndex)}`] as const]),
    ['Proposed', <GivenWord key="proposed" {...proposed} />],
    ...(decided ? [['Decided', <GivenWord key="decided" {...decided} />] as const] : []),
  ]
  return (
    <Panel title={`Rule ${String(number)}`}>
      <Facts of={facts} />
      {(state === 'proposed' || state === 'in-force') && (
        <Link to="/retention" search={{ show: 'next', rule: String(number) }}>
          What would go by it
        </Link>
      )}
      {state === 'proposed' && <Decision rule={rule} />}
    </Panel>
  )
}

function Decision({ rule: { number, proposed } }: { readonly rule: RuleShown }) {
  const { who } = useSession()
  const isOwn = proposed.by === `person ${who.personId}`
  return (
    <section className="wk-section">
      <h3>It waits for a second person</h3>
      <p className="wk-quiet">
        {isOwn
          ? 'You proposed this: somebody else decides.'
          : 'Whoever did not propose it decides, on the broker’s host, with a token that may:'}
      </p>
      {!isOwn && (
        <>
          <code>wardkey-broker retention approve {number}</code>
          <code>wardkey-broker retention reject {number}</code>
        </>
      )}
    </section>
  )
}
