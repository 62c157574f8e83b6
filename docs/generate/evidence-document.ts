// docs/evidence.md: how evidence is made and verified, and the table of its rules with their
// queries. Made from the rules themselves; it writes nothing. Pure.

import { allChecks, allRules, queryOf } from '@wardkey/broker/audit/evidence/rules/all-rules'

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string

export function evidenceDocument(notice: string, table: Table): string {
  const rules = allRules.map(({ law, asks, checks, left, notHere, limits }) => [
    law,
    asks,
    checks.map(({ id }) => `\`${id}\``).join(', '),
    notHere ?? left ?? '',
    limits,
  ])
  const checks = allChecks.map((check) => [`\`${check.id}\``, check.says, queryOf(check)])
  return `${head(notice)}
## The rules

“For a person” is what no count can say: where it is there,
the verdict is never “met”. Where it says why
a rule does not apply, it does not, unless its checks saw something; then a person has to look.

${table(['law', 'what it asks', 'checks', 'for a person', 'what it does not prove'], rules)}

## The checks

Facts are those of the period, up to the checkpoint; tables,
zones and settings are as they are at the
moment of making. A statement is run as it stands here, on both databases: \`:now\` is that moment,
\`:sessionMax\` is \`session.maxMs\`.

${table(['check', 'says', 'query'], checks)}
`
}

const head = (notice: string): string => `# Evidence

${notice}

What the record and the database show for each rule of the law
that asks something of such a system, as
one signed file for an auditor. It helps somebody who knows the
law to judge. It is no certificate, and
nothing here makes a hospital, or Wardkey, certified
([decision 0059](decisions/0059-evidence-says-what-it-does-not-prove.md)).

\`\`\`
wardkey-broker evidence --from 2026-01-01 --to 2026-03-31 --out q1.zip --purpose external-audit
wardkey-broker evidence verify q1.zip --vkey record.vkey --checkpoint last-visit.note
\`\`\`

In the console it is one button, under Zones & policy, Evidence.

The right is \`evidence:make\`; among the console’s roles compliance has it. A making is a fact before anything is read (\`EVD-001\`: who, which days, what for),
and again when it is done (\`EVD-002\`: the hash of the archive, how many verdicts of each kind). Days are
the site’s (\`site.timeZone\`), both of them in it, at most 400. One is made at a time; the broker keeps it
for a quarter of an hour from then on, for whoever asked. \`--since\` takes a checkpoint that was kept before.

It is made beside the broker’s work, 500 entries at a time. Seen over an invented record of
201,801 entries, all in the period, on a busy machine of two processors: 2.6 to 2.8 s of
processor time on SQLite and 3.2 s on PostgreSQL (11 to 50 s by the clock, since others had
their turn); the dearest turn took 50 ms of it on SQLite and 61 ms on PostgreSQL; the process
grew by 68 MiB at most.

## What is in the archive

| file | holds |
| --- | --- |
| \`report.html\` | the results for people: one page that loads and runs nothing |
| \`results.json\` | the same for programs |
| \`queries.txt\` | what was asked, word for word |
| \`checkpoint.note\` | the record’s signed checkpoint, with its witnesses, that everything is proved under |
| \`growth.json\` | proofs that the record continues the checkpoints of makings before, and that of \`--since\` |
| \`proofs/N.tlog-proof\` | for each fact that is named: the proof for \`wardkey-record verify-proof\` |
| \`MANIFEST\` | the SHA-256 of each file, signed with the record’s key under the name \`ORIGIN/evidence\` |

No name and no badge number is in it: people, badges and workstations
are ids, as in an export of the
record, and what is sealed there stays sealed. There is no way
to ask for names; who needs one looks it up
in the console, where that is a fact.

\`evidence verify\` needs the file and the record’s verifier key, and no network. It holds every byte to the
signature, every fact to the checkpoint, and the archive to what
the record says of its making. With
\`--checkpoint\` it also proves that the record is the one that was seen before. Whoever has a key from before a change
gives \`--keys FILE\`, as \`wardkey-broker record keys\` writes it. It ends with 0 where all
of this holds, 1 where it does not (it says what), 2 where a file cannot be used.

## What a verdict means

| verdict | means |
| --- | --- |
| met | every check saw something and nothing that breaks it, and nothing is left to a person |
| not met | a check was broken; the first facts that break it are named |
| does not apply here | Wardkey has nothing that the rule could be about |
| a person has to judge | something is left to a person, or a check saw nothing |

Samples are drawn by a hash of the signed root and the place
in the record, two a check: nobody chooses
them, and an auditor can draw them again. The whole record is
hashed again while it is read. Where it is
not as it was signed, there is no evidence: the broker’s log says so, and \`record verify\` where.
`
