// How the report looks: on a screen by day and by night, and on paper. Pure.

export const reportStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #4d5663; --page: #fff; --line: #c9cfd6;
  --soft: #f3f5f7; --met: #1a6b35; --bad: #a3161f; --judge: #7a4b00; --link: #0b57a4 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --quiet: #a9b3bf; --page: #14171b;
  --line: #3a424c; --soft: #1e2329; --met: #74d492; --bad: #ff9a98; --judge: #f0c060;
  --link: #8ec2ff } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; color: var(--ink);
  background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word }
h1 { font-size: 1.6rem; margin: 0 0 .5rem } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 0 } p { margin: .4rem 0 } a { color: var(--link) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .8rem 0 }
dt { color: var(--quiet) } dd { margin: 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid var(--line) }
th { color: var(--quiet); font-weight: 600 } .n { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums }
table.checks { table-layout: fixed } table.checks .n { width: 6.5rem }
table.checks .of { width: 10rem } table.rules .of { width: 13.5rem }
table.rules .law { width: 32% } dd, .id { overflow-wrap: anywhere }
ul.counts { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; list-style: none; margin: .4rem 0;
  padding: 0 }
section.rule { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem;
  margin: .8rem 0 }
.quiet { color: var(--quiet) } .v { font-weight: 600; white-space: nowrap }
.met { color: var(--met) } .not-met { color: var(--bad) } .judgement { color: var(--judge) }
.left { background: var(--soft); border-radius: .3rem; padding: .4rem .6rem }
@media (max-width: 40rem) { body { padding: 1rem } dl { grid-template-columns: 1fr; gap: 0 }
  dd { margin: 0 0 .4rem }
  table, tbody { display: block }
  thead { display: none } tr { display: block; border-bottom: 1px solid var(--line);
  padding: .4rem 0 }
  td, table.checks .n { display: block; width: auto; border: 0; padding: .1rem 0;
  text-align: left }
  td.n::before { content: attr(data-name) ": "; color: var(--quiet) } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #333; --page: #fff;
  --line: #888;
  --soft: #fff; --met: #000; --bad: #000; --judge: #000; --link: #000 } body { max-width: none;
  padding: 0 }
  section.rule, tr { break-inside: avoid } h2, h3 { break-after: avoid }
  a { text-decoration: none } }
`
