// docs/doctor.md: how the agent's doctor is asked, and everything that it can find. Made from the
// table of findings; it writes nothing. Pure.

import { findings } from '@wardkey/agent/runtime/doctor/findings'

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string

export function doctorDocument(notice: string, table: Table): string {
  const rows = Object.entries(findings).map(([code, { level, sentence, next }]) => [
    `\`${code}\``,
    sentence,
    level,
    next,
  ])
  return `# The doctor

${notice}

\`wardkey-agent doctor\` looks at the workstation and says what is wrong and what to do. Run it as the
user that the agent runs as, beside the agent or without it: it takes nobody's place at the broker,
asks no reader that the agent polls, and leaves nothing behind. Every look has a deadline; the whole
takes half a minute at worst.

\`\`\`
wardkey-agent doctor
wardkey-agent doctor --json
wardkey-agent doctor --bundle bundle.json --log agent.log
wardkey-agent doctor --page https://wardkey.h.example --page https://ehr.h.example
\`\`\`

It ends with 0 where all is well, 1 where something is worth a look, 2 where something is wrong.

Each broker of \`broker.addresses\` is asked step by step: the name, the port, TLS, the authority, the
name on its certificate, and whether it takes this workstation's. Hello is not said, since a second
one would end the running agent's connection; whether it is answered is what the agent itself says.
A broker that fails while another is reached counts as worth a look.

The agent itself believes the broker by its own authority. The pages that people see are opened by
the browser, which asks its own list: \`--page\` asks that browser, started as the agent starts it, in
a profile that is gone afterwards, whether it opens an address. Ask for \`web.publicUrl\` of the
broker, for the EHR, and for the hospital's sign-in.

Of updates it sees what anybody may see at the workstation: settings, and what the two parts of an
update laid down in \`updates.folder\`: among it what the agent in the session waits for, a word of a
closed list that is said anew each minute. Of a broker's reasons (a ring, a window) it is as of the
last question; the broker says how it is now: \`wardkey-broker updates rings\`.

## The bundle

\`--bundle FILE\` writes one JSON text for whoever helps, and never over a file that is there. It holds
versions, the findings without what they are about, settings of a closed form (of texts, lists and
maps only where they come from), the step at which each broker ends, families of readers, and what
the agent says of itself without its place, and how far updates are. \`--log FILE\` adds the last 500
lines of the agent's log (\`-\` reads them from standard input): of each the event, and only words of
a closed list. There is no host, no path, no badge number, no name, no id and no key in it. Read it
before you send it.

## What it finds

${table(['code', 'means', 'level', 'what to do'], rows)}
`
}
