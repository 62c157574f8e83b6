// installers/macos/wardkey-agent.mobileconfig: a profile that sets the agent on Macs, a template:
// one setting as an example, every other in a comment. Made from the settings' table. Pure.

import { preferencesDomain } from '@wardkey/agent/platform/policy/plist-layer'
import { settingsTable } from '@wardkey/agent/platform/settings-table'
import type { SettingForm, SettingRow } from '@wardkey/agent/platform/settings-table'
import { xmlComment, xmlText } from './xml-text.ts'

const example = 'broker.addresses'

export function macProfile(notice: string): string {
  const offered = settingsTable.filter(({ isForTests }) => !isForTests)
  const head = `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "${dtd}">`
  return `<?xml version="1.0" encoding="UTF-8"?>
${head}
<!-- ${xmlComment(notice)} -->
<!-- Copy it, give both PayloadUUID new values (uuidgen), name your brokers, and take the comment
     marks away from what you set. A setting that stands here is locked on the Mac. -->
<plist version="1.0">
<dict>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
  <key>PayloadIdentifier</key>
  <string>${preferencesDomain}.profile</string>
  <key>PayloadUUID</key>
  <string>00000000-0000-4000-8000-000000000001</string>
  <key>PayloadDisplayName</key>
  <string>Wardkey agent</string>
  <key>PayloadScope</key>
  <string>System</string>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key>
      <string>${preferencesDomain}</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadIdentifier</key>
      <string>${preferencesDomain}.settings</string>
      <key>PayloadUUID</key>
      <string>00000000-0000-4000-8000-000000000002</string>
${offered.map(entry).join('\n')}
    </dict>
  </array>
</dict>
</plist>
`
}

const dtd = 'http://www.apple.com/DTDs/PropertyList-1.0.dtd'

function entry(row: SettingRow): string {
  const sentence = xmlComment(xmlText(`${row.sentence} Unless set: ${row.defaultText}.`))
  const pair = `<key>${row.key}</key>\n      ${valueOf(row.form)}`
  const said = row.key === example ? pair : `<!-- ${pair} -->`
  return `      <!-- ${sentence} -->\n      ${said}`
}

/** Something of that form, for whoever fills it in. */
function valueOf(form: SettingForm): string {
  switch (form.kind) {
    case 'yes-no':
      return '<true/>'
    case 'number':
      return `<integer>${String(form.min)}</integer>`
    case 'choice':
      return `<string>${xmlText(form.of[0] ?? '')}</string>`
    case 'list':
      return '<array><string>broker.hospital.example:8443</string></array>'
    case 'map':
    case 'json':
      return '<dict/>'
    case 'text':
      return '<string></string>'
  }
}
