// One entry: its evidence, and the two words that decide it. Whose it is decides nothing about it.

import { useState } from 'react'
import type { CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'
import { reviewActs } from '../../api/access-review-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { nameText } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { decidedText, sourceText, whatText } from './review-words.ts'

interface Props {
  readonly campaign: CampaignShown
  readonly entry: ReviewItem
}

export function EntryPanel({ campaign, entry }: Props) {
  const { person, reviewer, evidence, department, decided } = entry
  const stamp = (ms: number | undefined, otherwise: string) =>
    ms === undefined ? otherwise : <Stamp ms={ms} />
  return (
    <Panel title={`${person ? nameText(person) : 'Nobody’s'}: ${whatText(entry)}`}>
      <Facts
        of={[
          ['From', sourceText(entry)],
          ['Since', stamp(evidence.sinceMs, 'not known')],
          ['Until', stamp(evidence.untilMs, 'no end')],
          ['Last used', stamp(evidence.lastUsedMs, 'not seen in her last 300 facts')],
          ['Opens', evidence.opens.join(', ') || 'nothing'],
          ['Department', department ?? 'not known'],
          ['Reviewer', reviewer ? nameText(reviewer) : 'nobody'],
          ...(decided
            ? ([
                ['Decided', decidedText(entry)],
                ['When', <Stamp key="when" ms={decided.atMs} />],
                ['Why', decided.reason],
              ] as const)
            : []),
        ]}
      />
      {!decided && campaign.state !== 'closed' && <Decide campaign={campaign} entry={entry} />}
    </Panel>
  )
}

function Decide({ campaign, entry }: Props) {
  const { who, can } = useSession()
  const [reason, setReason] = useState('')
  if (entry.person?.personId === who.personId) {
    return <p className="wk-quiet">This is yours: somebody else decides it.</p>
  }
  if (!can('reviews:write') && entry.reviewer?.personId !== who.personId) {
    return <p className="wk-quiet">Somebody else is asked about this.</p>
  }
  const isShort = reason.trim().length < 3
  const act =
    (decision: 'certified' | 'revoked') => (pass: Parameters<typeof reviewActs.open>[0]) =>
      reviewActs.decide(campaign.id, entry.id, { decision, reason: reason.trim() }, pass)
  return (
    <div className="wk-decide">
      <label className="wk-field">
        <span>Why, without names (needed)</span>
        <input
          value={reason}
          maxLength={400}
          onChange={({ target }) => {
            setReason(target.value)
          }}
        />
      </label>
      <ActButton
        label="Certify"
        disabled={isShort}
        question="She needs it still?"
        act={act('certified')}
        said={() => 'Certified'}
      >
        <p>It stays, until the next review asks again. It is decided once.</p>
      </ActButton>{' '}
      <ActButton
        isGrave
        label="Revoke"
        disabled={isShort}
        question="Take it away now?"
        act={act('revoked')}
        said={({ outcome }) => (outcome === 'gone' ? 'It was over before' : 'Taken away')}
      >
        <p>
          What is open by it locks. What HR or the groups of the hospital account still give is held
          back here, and is a task for them. Emergency access stays.
        </p>
      </ActButton>
    </div>
  )
}
