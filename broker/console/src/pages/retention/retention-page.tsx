// What is kept, and how long? The classes of facts with their days, what goes next, who agreed to
// it, what went, legal holds, and whom the house forgot. How long is agreed by commands.

import { useQuery } from '@tanstack/react-query'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { retentionQuery } from '../../api/record/retention-queries.ts'
import { Allowed, ForOthers } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { ClassTable } from './class-table.tsx'
import { Forgotten } from './forgotten-view.tsx'
import { Holds } from './holds/holds-view.tsx'
import { NextView } from './next-view.tsx'
import { Purges } from './purges-view.tsx'
import { flawText, sentenceOf } from './retention-words.ts'
import { RuleTable } from './rule-table.tsx'
import './retention.css'

const shows = ['classes', 'next', 'rules', 'purges', 'holds', 'forgotten'] as const
type Show = (typeof shows)[number]
const holdScopes: readonly Scope[] = ['holds:write', 'holds:approve']

export function RetentionPage() {
  return (
    <Allowed page="/retention">
      <Retention />
    </Allowed>
  )
}

function Retention() {
  const [address] = useAddress()
  const { can } = useSession()
  const maySeeHolds = holdScopes.some(can)
  const show: Show = shows.find((one) => one === address['show']) ?? 'classes'
  const query = useQuery(retentionQuery)
  return (
    <>
      <PageTitle question="What is kept, and how long?">
        {query.data && <p>{sentenceOf(query.data)}</p>}
      </PageTitle>
      {query.data?.stopped && <Stopped stopped={query.data.stopped} />}
      <div className="wk-bar">
        <Tabs<Show>
          label="What to look at"
          value={show}
          tabs={[
            ['classes', 'How long'],
            ['next', 'What goes next'],
            ['rules', 'Rules', query.data?.rules.length],
            ['purges', 'What went'],
            ...(maySeeHolds ? ([['holds', 'Legal holds']] as const) : []),
            ['forgotten', 'Whom it forgot'],
          ]}
        />
      </div>
      {show === 'classes' && <Answer query={query}>{(data) => <ClassTable shown={data} />}</Answer>}
      {show === 'next' && <Answer query={query}>{(data) => <NextView shown={data} />}</Answer>}
      {show === 'rules' && <Answer query={query}>{(data) => <RuleTable shown={data} />}</Answer>}
      {show === 'purges' && <Purges />}
      {show === 'holds' &&
        (maySeeHolds ? <Holds /> : <ForOthers needs={holdScopes} what="part of the page" />)}
      {show === 'forgotten' && <Forgotten />}
    </>
  )
}

type StoppedShown = NonNullable<Parameters<typeof flawText>[0]>

/** It shouts: a house that believes that it keeps to its rule does not. */
function Stopped({ stopped }: { readonly stopped: StoppedShown }) {
  return (
    <div className="wk-trouble" role="alert">
      <p className="wk-trouble-what">
        Stopped since <Stamp ms={stopped.atMs} />: nothing goes.
      </p>
      <p>
        At fact {stopped.at} {flawText(stopped)}. Look at the clock, and at what was restored. If
        the time is right, two people say so:
      </p>
      <p>
        <code>wardkey-broker retention propose --clock-is-right --reason …</code>
      </p>
    </div>
  )
}
