// The settings of access reviews: when they are, who is asked, and what silence means.

import { inFile, row } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

export const accessReviewRows: readonly SettingRow[] = [
  row(
    'accessReviews.isScheduled',
    'yes or no',
    'false',
    'Opens an access review each quarter, and one of high-risk roles in each month between.',
  ),
  row(
    'accessReviews.highRiskRoles',
    'list of roles',
    '(none)',
    'Roles that are reviewed every month.',
  ),
  row('accessReviews.days', 'number', '14', 'How many days reviewers have.'),
  row(
    'accessReviews.onSilence',
    'revoke or tell',
    'revoke',
    'What becomes of what nobody decided by then: it is taken away, or told and left.',
  ),
  row(
    'accessReviews.twoPeopleAbove',
    'number',
    '20',
    'Where silence would take more than this, or leave half a department without a role, two ' +
      'people have to agree first.',
  ),
  inFile(
    'accessReviews.reviewers',
    'list',
    '(none)',
    'Who reviews where HR names no manager who works here; the first that fits.',
  ),
  inFile(
    'accessReviews.reviewers[].department',
    'text',
    '(any)',
    'Of people in this department, as HR names it.',
  ),
  inFile(
    'accessReviews.reviewers[].location',
    'text',
    '(any)',
    'Of people at this place, as HR names it.',
  ),
  inFile('accessReviews.reviewers[].reviewer', 'id', '(needed)', 'The reviewer’s id as a person.'),
]
