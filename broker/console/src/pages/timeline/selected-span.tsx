// The interval that was chosen: what it is, from when to when, whose and where.

import { Link } from '@tanstack/react-router'
import type { Span, Timeline } from '@wardkey/protocol/console/timeline'
import { Facts } from '../../parts/panel.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { lengthText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { laneNames } from './lanes.ts'
import { kindText, marksText, placeText, whoText } from './words.ts'

const labels: ReadonlyMap<string, string> = new Map(laneNames)

interface Props {
  readonly span: Span | undefined
  readonly timeline: Timeline
}

export function SelectedSpan({ span, timeline }: Props) {
  const { can } = useSession()
  if (!span) {
    return (
      <section className="wk-selected">
        <h2>Chosen</h2>
        <p className="wk-quiet">
          Nothing yet. Click an interval, or go through them with n and p: its facts are marked in
          the list.
        </p>
      </section>
    )
  }
  const { lane, fromMs, untilMs, personId } = span
  const marks = marksText(span)
  return (
    <section className="wk-selected" data-emergency={span.isEmergency ? true : undefined}>
      <h2>
        {labels.get(lane)}: {kindText(span)}
      </h2>
      <Facts
        of={[
          ['From', <Stamp key="from" ms={fromMs} />],
          [
            'Until',
            untilMs === undefined ? (
              'it lasts'
            ) : (
              <span key="until">
                <Stamp ms={untilMs} />{' '}
                <span className="wk-quiet">({lengthText(untilMs - fromMs)})</span>
              </span>
            ),
          ],
          ['Who', whoText(span, timeline) ?? 'not named'],
          ['Where', placeText(span, timeline) ?? 'no workstation'],
          ...(marks === '' ? [] : [['Marked', marks] as const]),
          ['Facts', span.facts.join(', ')],
        ]}
      />
      {personId !== undefined && can('people:read') && (
        <Link to="/people" search={{ open: personId }}>
          This person
        </Link>
      )}
    </section>
  )
}
