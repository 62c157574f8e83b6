// Who agreed to how long facts are kept: rules that wait for a second person, hold, and were.

import type { RetentionShown, RuleShown } from '@wardkey/protocol/admin/forget/retention'
import { useAddress } from '../../parts/address.ts'
import { Doer } from '../../parts/doer.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { ruleStateText } from './retention-words.ts'
import { RulePanel } from './rule-panel.tsx'

export function RuleTable({ shown: { rules } }: { readonly shown: RetentionShown }) {
  const [{ open }] = useAddress()
  const rule = rules.find(({ number }) => String(number) === open)
  return (
    <>
      <DataTable
        name="retention-rules"
        label="Rules of how long facts are kept"
        rows={rules}
        columns={columns}
        keyOf={({ number }) => String(number)}
        opens
        empty={
          <p>
            Nobody has proposed anything yet: nothing goes. One proposes on the broker’s host,{' '}
            <code>wardkey-broker retention propose --usual --reason …</code>, and somebody else
            approves it.
          </p>
        }
      />
      {rule && <RulePanel key={rule.number} rule={rule} />}
    </>
  )
}

const daysColumn = (name: keyof RuleShown['days'], head: string): ShownColumn<RuleShown> => ({
  ...{ id: name, head, isNumber: true },
  text: ({ days }) => String(days[name]),
  order: ({ days }) => days[name],
})

const columns: readonly ShownColumn<RuleShown>[] = [
  {
    id: 'rule',
    head: 'Rule',
    text: ({ number }) => String(number),
    order: ({ number }) => number,
    cell: ({ number }) => `Rule ${String(number)}`,
  },
  {
    id: 'state',
    head: 'Standing',
    text: ruleStateText,
    cell: (row) => {
      const colour =
        { proposed: 'wk-warn', 'in-force': 'wk-good' }[row.state as string] ?? 'wk-quiet'
      return <span className={colour}>{ruleStateText(row)}</span>
    },
  },
  daysColumn('access', 'Access, days'),
  daysColumn('presence', 'Presence'),
  daysColumn('administration', 'Administration'),
  daysColumn('operational', 'Operational'),
  { id: 'why', head: 'Why', text: ({ reason }) => reason, isProse: true },
  {
    id: 'by',
    head: 'Proposed by',
    text: ({ proposed }) => proposed.by,
    cell: ({ proposed }) => <Doer by={proposed.by} />,
  },
  timeColumn({ id: 'at', head: 'Proposed' }, ({ proposed }) => proposed.atMs),
  {
    id: 'decided',
    head: 'Decided by',
    text: ({ decided }) => decided?.by ?? '',
    cell: ({ decided }) => (decided ? <Doer by={decided.by} /> : ''),
  },
]
