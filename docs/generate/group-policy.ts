// installers/windows/policy: the settings of the agent as a policy editor of Windows asks for them,
// an ADMX and its English ADML. Made from the settings' table; it writes nothing. Pure.

import { policyKey } from '@wardkey/agent/platform/policy/registry-layer'
import { settingsTable } from '@wardkey/agent/platform/settings-table'
import type { SettingForm, SettingRow } from '@wardkey/agent/platform/settings-table'
import { xmlComment, xmlText } from './xml-text.ts'

const schema = 'xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"'
/** Longer than any list that is sensible; the editor's own limit is 1023. */
const textMax = 16_384

/** No dangerous switch is one click away. */
const offered = settingsTable.filter(({ isForTests }) => !isForTests)

/** The editor takes no points in names. */
const nameOf = ({ key }: SettingRow): string => key.replaceAll('.', '_')
const itemOf = (row: SettingRow, value: string): string => `${nameOf(row)}_is_${value}`

export function groupPolicyTemplate(notice: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- ${xmlComment(notice)} -->
<policyDefinitions ${schema} revision="1.0" schemaVersion="1.0">
  <policyNamespaces>
    <target prefix="wardkey" namespace="Wardkey.Policies.Agent"/>
  </policyNamespaces>
  <resources minRequiredRevision="1.0"/>
  <supportedOn>
    <definitions>
      <definition name="SUPPORTED_Agent" displayName="$(string.SUPPORTED_Agent)"/>
    </definitions>
  </supportedOn>
  <categories>
    <category name="Wardkey" displayName="$(string.Wardkey)"/>
  </categories>
  <policies>
${offered.map(policy).join('\n')}
  </policies>
</policyDefinitions>
`
}

export function groupPolicyWords(notice: string): string {
  const words: [string, string][] = [
    ['Wardkey', 'Wardkey agent'],
    ['SUPPORTED_Agent', 'Wardkey agent 0.1.0 or later'],
    ...offered.flatMap(wordsOf),
  ]
  const strings = words.map(([id, text]) => `      <string id="${id}">${xmlText(text)}</string>`)
  return `<?xml version="1.0" encoding="utf-8"?>
<!-- ${xmlComment(notice)} -->
<policyDefinitionResources ${schema} revision="1.0" schemaVersion="1.0">
  <displayName>Wardkey agent</displayName>
  <description>Settings of the Wardkey agent on a workstation.</description>
  <resources>
    <stringTable>
${strings.join('\n')}
    </stringTable>
    <presentationTable>
${offered.flatMap(presentation).join('\n')}
    </presentationTable>
  </resources>
</policyDefinitionResources>
`
}

function policy(row: SettingRow): string {
  const name = nameOf(row)
  const isSwitch = row.form.kind === 'yes-no'
  const about = [
    `name="${name}" class="Machine"`,
    `displayName="$(string.${name})" explainText="$(string.${name}_Help)"`,
    `key="${policyKey}"`,
    isSwitch ? `valueName="${row.key}"` : `presentation="$(presentation.${name})"`,
  ]
  return [
    `    <policy ${about.join(' ')}>`,
    '      <parentCategory ref="Wardkey"/>',
    '      <supportedOn ref="SUPPORTED_Agent"/>',
    ...(isSwitch ? switchLines : ['      <elements>', ...element(row), '      </elements>']),
    '    </policy>',
  ].join('\n')
}

const switchLines = [
  '      <enabledValue><decimal value="1"/></enabledValue>',
  '      <disabledValue><decimal value="0"/></disabledValue>',
]

function element(row: SettingRow): readonly string[] {
  const { form, key } = row
  const value = `id="${nameOf(row)}" valueName="${key}"`
  switch (form.kind) {
    case 'number': {
      const range = `minValue="${String(form.min)}" maxValue="${String(form.max)}"`
      return [`        <decimal ${value} ${range} required="true"/>`]
    }
    case 'choice':
      return [
        `        <enum ${value} required="true">`,
        ...form.of.map((one) => `          ${item(row, one)}`),
        '        </enum>',
      ]
    default: {
      const max = form.kind === 'text' ? form.max : textMax
      return [`        <text ${value} maxLength="${String(max)}" required="true"/>`]
    }
  }
}

function item(row: SettingRow, value: string): string {
  const shown = `displayName="$(string.${itemOf(row, value)})"`
  return `<item ${shown}><value><string>${xmlText(value)}</string></value></item>`
}

function wordsOf(row: SettingRow): [string, string][] {
  const name = nameOf(row)
  const help = [row.sentence, howToWrite(row.form), `Unless set: ${row.defaultText}.`]
  const items = row.form.kind === 'choice' ? row.form.of : []
  return [
    [name, row.key],
    [`${name}_Help`, help.filter((one) => one !== '').join(' ')],
    ...items.map((one): [string, string] => [itemOf(row, one), one]),
  ]
}

export function howToWrite({ kind }: SettingForm): string {
  switch (kind) {
    case 'list':
      return 'Written with commas between: a, b.'
    case 'map':
      return 'Written as name=value, with commas between.'
    case 'json':
      return 'Written as JSON.'
    default:
      return ''
  }
}

function presentation(row: SettingRow): readonly string[] {
  const { form, type } = row
  if (form.kind === 'yes-no') return []
  const name = nameOf(row)
  const label = xmlText(type)
  const box: Readonly<Partial<Record<SettingForm['kind'], string>>> = {
    number: `<decimalTextBox refId="${name}">${label}</decimalTextBox>`,
    choice: `<dropdownList refId="${name}" noSort="true">${label}</dropdownList>`,
  }
  const text = `<textBox refId="${name}"><label>${label}</label></textBox>`
  return [
    `      <presentation id="${name}">`,
    `        ${box[form.kind] ?? text}`,
    '      </presentation>',
  ]
}
