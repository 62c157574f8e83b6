// One purge: which class, by whose rule, what kinds of facts went, and the list as a file. Nobody
// is in it.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { PurgeListed } from '@wardkey/protocol/admin/forget/purges'
import { purgeQuery } from '../../api/record/retention-queries.ts'
import { counted } from '../../parts/names.ts'
import { Facts, Panel } from '../../parts/panel.tsx'
import { saveFile } from '../../parts/save-file.ts'
import { Answer } from '../../parts/shape.tsx'
import { csvOf } from '../../parts/table/csv.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'

export function PurgePanel({ purge }: { readonly purge: number }) {
  const query = useQuery(purgeQuery(purge))
  return (
    <Panel title={`Purge ${String(purge)}`}>
      <Answer query={query}>{(listed) => <Listed listed={listed} />}</Answer>
    </Panel>
  )
}

function Listed({ listed }: { readonly listed: PurgeListed }) {
  const { rule, atMs, beforeMs, first, last, gone } = listed
  return (
    <>
      <Facts
        of={[
          ['Class', listed.class],
          ['When', <Stamp key="at" ms={atMs} />],
          ['Older than', <Stamp key="before" ms={beforeMs} />],
          [
            'By',
            <Link key="rule" to="/retention" search={{ show: 'rules', open: String(rule) }}>
              rule {rule}
            </Link>,
          ],
          ['Facts', `${String(first)} to ${String(last)}, ${String(gone.length)} of them`],
        ]}
      />
      <section className="wk-section">
        <h3>What went</h3>
        <ul className="wk-gone">
          {byCode(gone).map(([code, count]) => (
            <li key={code}>
              <code>{code}</code> {counted(count, 'fact')}
            </li>
          ))}
        </ul>
        <button
          type="button"
          className="wk-link"
          onClick={() => {
            saveList(listed)
          }}
        >
          CSV of {gone.length} facts
        </button>
        <p className="wk-quiet">
          Number, code and time: neither who nor where. The hash of each stays in the record, and
          every proof and export verifies as before.
        </p>
      </section>
    </>
  )
}

function byCode(gone: PurgeListed['gone']): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const { code } of gone) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => a.localeCompare(b, 'en'))
}

function saveList({ purge, gone }: PurgeListed): void {
  const lines = gone.map(({ index, code, atMs }) => [
    ...[String(index), code, new Date(atMs).toISOString()],
  ])
  const text = csvOf([['Fact', 'Code', 'Recorded'], ...lines])
  saveFile(`wardkey-purge-${String(purge)}.csv`, 'text/csv;charset=utf-8', text)
}
