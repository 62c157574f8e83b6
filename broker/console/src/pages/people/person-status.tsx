// Whether somebody may come in, as a mark and a word.

import type { PersonSummary } from '@wardkey/protocol/admin/people'

type Status = PersonSummary['status']

export const statusWords: Readonly<Record<Status, string>> = {
  'pre-hire': 'not here yet',
  active: 'active',
  'on-leave': 'on leave',
  suspended: 'suspended',
  terminated: 'gone for good',
}

const marks: Readonly<Record<Status, string>> = {
  'pre-hire': '○',
  active: '●',
  'on-leave': '◐',
  suspended: '✕',
  terminated: '✕',
}

export function PersonStatus({ status }: { readonly status: Status }) {
  const colour = status === 'active' ? 'wk-good' : status === 'suspended' ? 'wk-bad' : 'wk-quiet'
  return (
    <span className={`wk-mark ${colour}`}>
      <span aria-hidden="true">{marks[status]}</span>
      {statusWords[status]}
    </span>
  )
}
