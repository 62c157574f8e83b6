// The page on which one chooses who signs in: words and links, no script. Pure.

import type { OfficePerson } from './office-people.ts'

export function choicePage(title: string, people: readonly OfficePerson[]): string {
  const rows = people.map(
    ({ key, given, family, office, does }) =>
      `<li><a href="?who=${key}"><b>${office}</b><span>${given} ${family}: ${does}</span></a></li>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>
<p>This stands for the hospital’s own sign-in. All of them are invented; none has a password.</p>
<ul>${rows.join('')}</ul></main></body></html>`
}

const style = `
:root { color-scheme: light dark; --ink: #16202a; --paper: #f6f8fa; --quiet: #4a5965;
  --card: #fff; --line: #c3ccd3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef3f6; --paper: #10171d; --quiet: #a9b8c2; --card: #1a242c; --line: #3a4853; }
}
html { background: var(--paper); color: var(--ink); font: 18px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
a { display: grid; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: inherit; text-decoration: none; }
a:hover, a:focus-visible { outline: 3px solid #12656f; outline-offset: 1px; }
span, p { color: var(--quiet); }
`
