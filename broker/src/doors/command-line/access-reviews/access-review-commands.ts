// access-review: who still needs what she may: preview, open, show, decide, result.

import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { z } from 'zod'
import { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type {
  CampaignPreview,
  CampaignShown,
} from '@wardkey/protocol/admin/access-reviews/campaigns'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import type { ReviewItem } from '@wardkey/protocol/admin/access-reviews/entries'
import { reviewOutcome } from '@wardkey/protocol/admin/access-reviews/outcome'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { allEntries, allReviews } from './read-pages.ts'
import type { Some } from './read-pages.ts'
import { textTable, textTime } from '../text-table.ts'

interface Which {
  readonly highRisk?: boolean
  readonly department?: string
  readonly days?: string
}

const nothing = z.null()

export function addAccessReviewCommands(program: Command, tools: CommandTools): void {
  const review = program
    .command('access-review')
    .description('who still needs what she may: preview, open, list, show, decide, result, tasks')
  addOpening(review, tools)
  addReading(review, tools)
  addDeciding(review, tools)
}

function addOpening(review: Command, tools: CommandTools): void {
  review
    .command('preview')
    .description('what a review would hold, and what silence would take; nothing is opened')
    .option('--high-risk', 'only roles that settings call high risk')
    .option('--department <name>', 'only people of this department, as HR names it')
    .action(async (which: Which) => {
      const path = '/access-reviews/preview'
      const shown = await tools.client().ask('POST', path, campaign.preview, orderOf(which))
      tools.say(shown, textOfPreview(shown))
    })
  review
    .command('open')
    .description('open one now; preview it before')
    .option('--high-risk', 'only roles that settings call high risk')
    .option('--department <name>', 'only people of this department, as HR names it')
    .option('--days <n>', 'how many days reviewers have (default: from settings)')
    .addHelpText('after', '\nExample:\n  wardkey-broker access-review open --high-risk --days 7')
    .action(async (which: Which) => {
      const opened = await tools
        .client()
        .ask('POST', '/access-reviews', campaign.opened, orderOf(which))
      tools.say(opened, `${opened.id}\n`)
    })
}

function orderOf({ highRisk = false, department, days }: Which) {
  const count = days === undefined || /^[1-9]\d?$/.test(days) ? Number(days) : 0
  if (days !== undefined && (count < 3 || count > 60)) {
    throw new Refused(exitCodes.usage, '--days has to be a whole number from 3 to 60.')
  }
  return {
    isHighRiskOnly: highRisk,
    ...(department === undefined ? {} : { department }),
    ...(days === undefined ? {} : { days: count }),
  }
}

function textOfPreview(shown: CampaignPreview): string {
  const { items, people, reviewers, unassigned, onSilence, wouldGo, needsTwo } = shown
  const units = shown.units
    .filter(({ withoutRole }) => withoutRole > 0)
    .map((unit) => [unit.department, String(unit.people), String(unit.withoutRole)])
  const silence =
    onSilence === 'tell'
      ? 'Silence takes nothing (accessReviews.onSilence is tell).'
      : `Silence would take ${String(wouldGo)} of them${needsTwo ? '; two people have to agree' : ''}.`
  return (
    `${String(items)} entries of ${String(people)} people, for ${String(reviewers)} reviewers; ` +
    `${String(unassigned)} have no reviewer.\n` +
    (unassigned === 0 ? '' : 'Name one for them in the settings: accessReviews.reviewers.\n') +
    `${silence}\n` +
    (units.length === 0 ? '' : `\n${textTable(['DEPARTMENT', 'PEOPLE', 'WITHOUT A ROLE'], units)}`)
  )
}

function addReading(review: Command, tools: CommandTools): void {
  review
    .command('list')
    .description('reviews, the newest first')
    .action(async () => {
      const campaigns = await allReviews(tools.client())
      const heads = ['ID', 'KIND', 'STATE', 'DUE (UTC)', 'ENTRIES', 'DECIDED', 'REVOKED', 'SILENT']
      const text = textTable(heads, campaigns.map(campaignRow))
      tools.say({ campaigns }, campaigns.length === 0 ? 'There was none so far.\n' : text)
    })
  review
    .command('show <review>')
    .description('its entries, with who is asked, when each was last used, and what was decided')
    .option('--state <state>', `only these: ${entry.states.join(', ')}`)
    .option('--person <id>', 'only what is up of one person')
    .action(async (id: string, which: Some) => {
      const shown = await allEntries(id, which, tools.client())
      const heads = ['ID', 'PERSON', 'REVIEWER', 'WHAT', 'LAST USED (UTC)', 'DECIDED', 'OUTCOME']
      const of = `${String(shown.items.length)} of ${String(shown.campaign.items)} entries.\n`
      tools.say(shown, `${textTable(heads, shown.items.map(itemRow))}${of}`)
    })
  review
    .command('result <review>')
    .description('what was decided, as it was hashed; with --proof, the file that proves it')
    .option('--proof <file>', 'write the proof here, for wardkey-record verify-proof')
    .action(async (id: string, { proof }: { readonly proof?: string }) => {
      const shown = await tools.client().ask('GET', `${pathOf(id)}/result`, reviewOutcome.result)
      if (proof !== undefined) writeProofTo(proof, shown.proof?.text)
      tools.say(shown, `${shown.lines.join('\n')}\nsha256 ${shown.sha256}\n`)
    })
  review
    .command('tasks')
    .description('what reviews hold back here, and HR or the sign-in’s groups still give')
    .action(async () => {
      const shown = await tools.client().ask('GET', '/access-review-tasks', reviewOutcome.tasks)
      const rows = shown.tasks.map((task) => [
        ...[task.id, task.person.personId, task.kind, task.what, textTime(task.sinceMs), task.by],
      ])
      const heads = ['ID', 'PERSON', 'KIND', 'WHAT', 'SINCE (UTC)', 'BY']
      tools.say(shown, rows.length === 0 ? 'There is none.\n' : textTable(heads, rows))
    })
}

function writeProofTo(file: string, text: string | undefined): void {
  if (text === undefined) {
    throw new Refused(exitCodes.refused, 'No checkpoint has it yet. Ask again when it is closed.')
  }
  writeFileSync(file, text, { mode: 0o600 })
}

function addDeciding(review: Command, tools: CommandTools): void {
  for (const [name, decision] of [
    ['certify', 'certified'],
    ['revoke', 'revoked'],
  ] as const) {
    review
      .command(`${name} <review> <entry>`)
      .description(name === 'certify' ? 'she needs it still' : 'it is taken from her, at once')
      .requiredOption('--reason <text>', 'why, without names')
      .action(async (id: string, one: string, { reason }: { readonly reason: string }) => {
        const path = `${pathOf(id)}/items/${encodeURIComponent(one)}/decision`
        const done = await tools.client().ask('POST', path, entry.decided, { decision, reason })
        tools.say(done, `Done: ${done.outcome}.\n`)
      })
  }
  review
    .command('silence <review> <revoke|tell>')
    .description('a word about what silence takes, where two people have to agree')
    .action(async (id: string, outcome: string) => {
      const path = `${pathOf(id)}/silence`
      const done = await tools.client().ask('POST', path, campaign.agreed, { outcome })
      const says = done.state === 'decided' ? 'Decided.' : 'Kept. Somebody else has to agree.'
      tools.say(done, `${says}\n`)
    })
  review
    .command('lift <task>')
    .description('hold it back no more: it comes again with HR’s next word or a sign-in')
    .action(async (id: string) => {
      const path = `/access-review-tasks/${encodeURIComponent(id)}/lift`
      await tools.client().ask('POST', path, nothing, {})
      tools.say({}, 'Lifted.\n')
    })
}

const pathOf = (id: string): string => `/access-reviews/${encodeURIComponent(id)}`

const campaignRow = (one: CampaignShown): string[] => [
  ...[one.id, one.kind, one.state, textTime(one.dueMs)],
  ...[one.items, one.decided, one.revoked, one.silent].map(String),
]

function itemRow({ evidence, ...item }: ReviewItem): string[] {
  const { lastUsedMs } = evidence
  const what = item.kind === 'token' ? (evidence.opens[0] ?? '') : item.what
  return [
    ...[item.id, item.person?.personId ?? '', item.reviewer?.personId ?? '(nobody)'],
    `${item.kind} ${what}`,
    lastUsedMs === undefined ? 'not seen' : textTime(lastUsedMs),
    ...[item.decision ?? '', item.outcome ?? ''],
  ]
}
