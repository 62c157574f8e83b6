// One access review: how far it is, and its entries with their evidence.

import { useQuery } from '@tanstack/react-query'
import type { CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'
import { askResult, campaignQuery, reviewActs } from '../../api/access-review-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted, nameText } from '../../parts/names.ts'
import { saveFile } from '../../parts/save-file.ts'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { utcText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { EntryPanel } from './entry-panel.tsx'
import { decidedText, sourceText, whatText } from './review-words.ts'

export function Campaign({ id }: { readonly id: string }) {
  const [{ open }] = useAddress()
  const query = useQuery(campaignQuery(id))
  return (
    <Answer query={query}>
      {({ campaign, items }) => {
        const entry = items.find((item) => item.id === open)
        return (
          <>
            <Standing campaign={campaign} />
            <DataTable
              name="access-review"
              label="Entries"
              rows={items}
              columns={columns}
              keyOf={(item) => item.id}
              opens
              empty={<p>Nothing is up in this review.</p>}
            />
            {entry && <EntryPanel key={entry.id} campaign={campaign} entry={entry} />}
          </>
        )
      }}
    </Answer>
  )
}

function Standing({ campaign }: { readonly campaign: CampaignShown }) {
  const { can } = useSession()
  const { id, state, items, decided, revoked, silent, unassigned, dueMs, onSilence } = campaign
  const takes = onSilence === 'revoke' ? 'silence takes away' : 'silence is told, and takes nothing'
  return (
    <section className="wk-review-standing">
      <p>
        {decided} of {counted(items, 'entry', 'entries')} decided, {revoked} revoked, {silent} by
        silence. Due <Stamp ms={dueMs} form="day" />; then {takes}.
        {unassigned > 0 && (
          <strong className="wk-bad">
            {' '}
            {counted(unassigned, 'entry has', 'entries have')} no reviewer.
          </strong>
        )}
      </p>
      {state === 'waits-for-two' && can('reviews:write') && <Silence campaign={campaign} />}
      {campaign.closed && can('reviews:read') && (
        <p>
          <button
            type="button"
            className="wk-link"
            onClick={() => {
              void askResult(id).then((result) => {
                const text = JSON.stringify(result, null, 2)
                saveFile('wardkey-access-review.json', 'application/json', text)
              })
            }}
          >
            Result with its proof
          </button>{' '}
          <span className="wk-quiet">SHA-256 {campaign.closed.sha256.slice(0, 16)}…</span>
        </p>
      )}
    </section>
  )
}

/** Two different people agree; the broker holds them apart. */
function Silence({ campaign }: { readonly campaign: CampaignShown }) {
  const { id, items, decided, silenceFirst } = campaign
  const open = items - decided
  return (
    <p className="wk-review-silence">
      <strong>Silence would take so much that two people have to agree.</strong>{' '}
      {silenceFirst ? `One has: ${silenceFirst.by}.` : 'Nobody has yet.'}{' '}
      <ActButton
        isGrave
        isSmall
        label={`Take away ${counted(open, 'entry', 'entries')}`}
        question={`Take away what nobody decided?`}
        act={(pass) => reviewActs.silence(id, 'revoke', pass)}
        said={({ state }) => (state === 'decided' ? 'Decided' : 'Kept: somebody else has to agree')}
      >
        <p>
          What is open by it locks. Emergency access stays. Nothing is taken before somebody else
          has said the same.
        </p>
      </ActButton>{' '}
      <ActButton
        isSmall
        label="Leave all of it"
        question="Leave what nobody decided as it is?"
        act={(pass) => reviewActs.silence(id, 'tell', pass)}
        said={() => 'Left as it is'}
      >
        <p>It is told in the record, and comes again with the next review.</p>
      </ActButton>
    </p>
  )
}

const lastUsed = ({ evidence }: ReviewItem): number => evidence.lastUsedMs ?? 0

const columns: readonly ShownColumn<ReviewItem>[] = [
  { id: 'who', head: 'Person', text: ({ person }) => (person ? nameText(person) : 'Nobody’s') },
  { id: 'what', head: 'What', text: whatText },
  { id: 'risk', head: 'Risk', text: ({ isHighRisk }) => (isHighRisk ? 'high' : '') },
  { id: 'source', head: 'From', text: sourceText },
  {
    id: 'used',
    head: 'Last used',
    text: (item) => (lastUsed(item) === 0 ? 'not seen' : utcText(lastUsed(item))),
    order: lastUsed,
    cell: (item) =>
      lastUsed(item) === 0 ? (
        <span className="wk-quiet">not seen</span>
      ) : (
        <Stamp ms={lastUsed(item)} />
      ),
  },
  {
    id: 'reviewer',
    head: 'Reviewer',
    text: ({ reviewer }) => (reviewer ? nameText(reviewer) : 'nobody'),
  },
  { id: 'decided', head: 'Decided', text: decidedText },
]
