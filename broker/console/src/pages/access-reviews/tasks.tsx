// What reviews took away here and others still give: a task for HR, or for whoever looks after the
// groups of hospital accounts.

import { useQuery } from '@tanstack/react-query'
import type { HeldBack } from '@wardkey/protocol/admin/access-reviews/outcome'
import { reviewActs, tasksQuery } from '../../api/access-review-queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { nameText } from '../../parts/names.ts'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'

export function Tasks() {
  const query = useQuery(tasksQuery)
  return (
    <Answer query={query}>
      {({ tasks }) => (
        <DataTable
          name="access-review-tasks"
          label="Tasks for others"
          rows={tasks}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            <p>
              Nothing is held back. A role that a review revokes, and HR still gives, appears here
              until HR has taken it away.
            </p>
          }
        />
      )}
    </Answer>
  )
}

function Lift({ task }: { readonly task: HeldBack }) {
  const { can, who } = useSession()
  if (!can('reviews:write') || task.person.personId === who.personId) return null
  return (
    <ActButton
      isSmall
      label="Lift"
      question={`Hold ${task.what} back no more?`}
      act={(pass) => reviewActs.lift(task.id, pass)}
      said={() => 'Lifted'}
    >
      <p>It comes again with HR’s next word about her, or with her next sign-in.</p>
    </ActButton>
  )
}

const columns: readonly ShownColumn<HeldBack>[] = [
  { id: 'who', head: 'Person', text: ({ person }) => nameText(person) },
  { id: 'what', head: 'Held back', text: ({ kind, what }) => `${kind.replace('-', ' ')} ${what}` },
  {
    id: 'whose',
    head: 'Task for',
    text: ({ kind }) => (kind === 'role' ? 'HR' : 'groups of hospital accounts'),
  },
  timeColumn({ id: 'since', head: 'Since' }, ({ sinceMs }) => sinceMs),
  { id: 'lift', head: 'Undo', text: () => '', cell: (task) => <Lift task={task} /> },
]
