// Which zones no EHR opens for, by the settings alone.

import { describe, expect, it } from 'vitest'
import { ehrApp } from '@wardkey/ehr-adapters/contract/ehr-adapter'
import { zonesWithoutChart } from './ehr-settings.ts'

const app = (zoneKinds: readonly string[]) =>
  ehrApp.parse({
    ...{ id: 'chart', adapter: 'oidc-web', launchUrl: 'https://ehr.example/login' },
    zoneKinds,
  })
const zones = [
  { id: '4-west', kind: 'nurse-station' },
  { id: 'pharmacy', kind: 'pharmacy' },
]

describe('zones without a chart', () => {
  it.each<[string, ReturnType<typeof app>[], string[]]>([
    ['are all where there is no EHR that is launched', [], ['4-west', 'pharmacy']],
    ['are none where one is for all places', [app([])], []],
    ['are those of a kind that none is for', [app(['pharmacy'])], ['4-west']],
    ['are none where two share the kinds', [app(['pharmacy']), app(['nurse-station'])], []],
    ['are all where one is for other places', [app(['ward'])], ['4-west', 'pharmacy']],
  ])('%s', (_name, apps, without) => {
    expect(zonesWithoutChart(zones, { apps })).toEqual(without)
  })
  it('are none where there is no zone', () => {
    expect(zonesWithoutChart([], { apps: [] })).toEqual([])
  })
})
