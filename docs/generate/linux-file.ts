// installers/linux/agent.yaml: the settings file of a Linux workstation as it is installed, with
// every setting in a comment, as it is unless set. Made from the settings' table; writes nothing.

import { stringify } from 'yaml'
import { settingsTable } from '@wardkey/agent/platform/settings-table'
import type { SettingRow } from '@wardkey/agent/platform/settings-table'

const columns = 96

export function linuxFile(notice: string): string {
  const offered = settingsTable.filter(({ isForTests }) => !isForTests)
  return `# Settings of the Wardkey agent on this machine: /etc/wardkey/agent.yaml.
# ${notice}
#
# Only root may be able to write this file; otherwise the agent refuses it and does not start. What
# /etc/wardkey/agent.d/*.yaml says in the same form is policy: it counts for more than this file,
# the environment and the command line. What counts, and why: wardkey-agent settings
${offered.map(entry).join('')}`
}

function entry({ key, schema, sentence, type }: SettingRow): string {
  // What it is unless set, as the parser itself has it.
  const value = stringify({ [key]: schema.parse(undefined) }, { lineWidth: 0 }).trimEnd()
  const words = wrap(`${sentence} (${type})`)
  const lines = value.split('\n').map((line) => `#${line}`)
  return ['', ...words.map((line) => `# ${line}`), ...lines, ''].join('\n')
}

function wrap(text: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= columns) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
