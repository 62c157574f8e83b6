// report.html of the evidence, for people: results in words, in one file that loads nothing and
// runs nothing. Whatever came from elsewhere is text, never markup. Pure.

import { createHash } from 'node:crypto'
import type { CheckResult, EvidenceResults, RuleResult } from '../results.ts'
import { reportStyle } from './report-style.ts'

const verdictWords: Readonly<Record<RuleResult['verdict'] | CheckResult['verdict'], string>> = {
  met: '✓ Met',
  'not-met': '✗ Not met',
  'not-applicable': '– Does not apply here',
  judgement: '? A person has to judge',
  'nothing-seen': '· Nothing seen',
}

const verdictsShown = ['met', 'not-met', 'judgement', 'not-applicable'] as const

export function reportOf(results: EvidenceResults): string {
  const style = createHash('sha256').update(reportStyle).digest('base64')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${style}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence of ${escaped(results.origin)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${heading(results)}
${summary(results)}
<h2>Each rule</h2>
${results.rules.map(ruleOf).join('\n')}
${closing(results)}
</main>
</body>
</html>
`
}

function heading({
  origin,
  period,
  madeMs,
  by,
  purpose,
  release,
  record,
}: EvidenceResults): string {
  const { from, to, timeZone, isOpen } = period
  const rows = [
    ['Record', origin],
    [
      'Period',
      `${from} to ${to}, both in it (${timeZone})${isOpen ? '; its last day was not over' : ''}`,
    ],
    ['Made', `${timeText(madeMs)} by ${by}`],
    ['Purpose', purpose.replace('-', ' ')],
    ['Release', release],
    ['Entries', `${number(record.size)} in all, the first of ${timeText(record.firstMs)}`],
    ['In the period', `${number(record.factsInPeriod)} facts`],
    ...(record.gone ?? []).map(goneRow),
  ]
  const list = rows.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`)
  return `<h1>Evidence</h1>
<p>What the record and the database of this Wardkey show for each rule, and what they do not.
It helps
somebody who knows the law to judge; it is no certificate, and no verdict of a regulator.</p>
<dl>${list.join('')}</dl>
<p class="quiet">People, badges and workstations are ids that say nothing by themselves. No
name and no
badge number is in this archive.</p>`
}

function summary({ rules }: EvidenceResults): string {
  const rows = rules.map(
    ({ id, law, asks, verdict }) =>
      `<tr><td><a href="#${id}">${escaped(law)}</a></td><td>${escaped(asks)}</td>` +
      `<td>${mark(verdict)}</td></tr>`,
  )
  const counts = verdictsShown.map((verdict) => {
    const count = rules.filter((rule) => rule.verdict === verdict).length
    return `<li>${mark(verdict)}: ${number(count)}</li>`
  })
  return `<h2>All rules</h2>
<ul class="counts">${counts.join('')}</ul>
<table class="rules"><thead><tr><th scope="col" class="law">Rule</th>
<th scope="col">What it asks</th><th scope="col" class="of">Verdict</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
<p class="quiet">Met: every check saw something and nothing that breaks it, and nothing is left to a
person. Nothing seen: there was nothing that the check could be about, which is neither for nor against.</p>`
}

function ruleOf({ id, law, asks, verdict, checks, limits, left, notHere }: RuleResult): string {
  const isOut = verdict === 'not-applicable'
  const rows = checks.map(checkOf).join('\n')
  const table =
    checks.length === 0 || isOut
      ? ''
      : `<table class="checks"><thead><tr><th scope="col">Check</th>
<th scope="col" class="n">Looked at</th><th scope="col" class="n">Break it</th>
<th scope="col" class="of">Verdict</th></tr></thead><tbody>
${rows}
</tbody></table>`
  return `<section class="rule" id="${id}">
<h3>${escaped(law)}</h3>
<p>${escaped(asks)} ${mark(verdict)}</p>
${isOut ? `<p>${escaped(notHere ?? '')}</p>` : table}
${left === undefined || isOut ? '' : `<p class="left"><strong>For a person:</strong> ${escaped(left)}</p>`}
<p class="quiet"><strong>What this does not prove:</strong> ${escaped(limits)}</p>
</section>`
}

function checkOf({
  id,
  says,
  verdict,
  looked,
  breaking,
  figures,
  shows,
  breaks,
}: CheckResult): string {
  const parts = Object.entries(figures).map(([name, count]) => `${name}: ${number(count)}`)
  const more =
    parts.length === 0 ? '' : `<br><span class="quiet">${escaped(parts.join(' · '))}</span>`
  const broken = breaks.length === 0 ? '' : `<br>First that break it: ${places(breaks)}`
  const samples =
    shows.length === 0 ? '' : `<br><span class="quiet">Samples: ${places(shows)}</span>`
  return `<tr><td>${escaped(says)} <span class="quiet id">(${id})</span>${more}${broken}${samples}</td>
<td class="n" data-name="Looked at">${number(looked)}</td>
<td class="n" data-name="Break it">${number(breaking)}</td><td>${mark(verdict)}</td></tr>`
}

const places = (indexes: readonly number[]): string =>
  indexes.map((at) => `<a href="proofs/${String(at)}.tlog-proof">fact ${String(at)}</a>`).join(', ')

function closing({ record }: EvidenceResults): string {
  return `<h2>How to verify it</h2>
<p>Each fact that is named has its proof in <code>proofs/</code>, under the signed checkpoint of
${number(record.size)} entries in <code>checkpoint.note</code>; that this was made, by whom and
what for, is
<a href="proofs/${String(record.madeAt)}.tlog-proof">fact ${String(record.madeAt)}</a>. Samples
were drawn by a
hash of the signed root, not chosen. What was asked is in <code>queries.txt</code>. Checks of
facts are about
the period; checks of tables, zones and settings are about the moment at which this was made.</p>
<p>On any machine: <code>wardkey-broker evidence verify FILE --vkey KEY --checkpoint EARLIER</code></p>`
}

const mark = (verdict: RuleResult['verdict'] | CheckResult['verdict']): string =>
  `<span class="v ${verdict}">${verdictWords[verdict]}</span>`

type Gone = NonNullable<EvidenceResults['record']['gone']>[number]

const goneRow = ({ class: name, count, firstTakenMs, lastTakenMs }: Gone): [string, string] => [
  `Gone of ${name}`,
  `${number(count)} facts of the period are gone by retention, taken from ` +
    `${timeText(firstTakenMs)} to ${timeText(lastTakenMs)}: no check saw them`,
]

const number = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f')

const timeText = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
}
