// Computers that ask, and tokens to enrol with, as no broker has them: for the pages' own tests.

import { enrolAsksPage, enrolTokensPage } from '@wardkey/protocol/admin/fleet/enrolling'
import { tokenMinted } from '@wardkey/protocol/admin/workstations'
import { idOf, workstationIdOf } from './invented-hospital.ts'

const hourMs = 3_600_000
const by = 'person 018f3c1e-0001-7000-8000-000000000040'

export const inventAsks = (nowMs: number) =>
  enrolAsksPage.parse({
    asks: [
      {
        ...{ askId: idOf(7, 1), state: 'waiting', place: '4 West, new cart', assetTag: 'MED-0417' },
        words: ['maple', 'otter', 'cabin', 'tulip', 'comet'],
        ...{ address: '10.20.3.41', askedMs: nowMs - 60_000, endsMs: nowMs + 3 * hourMs },
        takesPlaceOf: '4 West, station 3',
      },
      {
        ...{ askId: idOf(7, 2), state: 'waiting', place: 'Pharmacy counter' },
        words: ['umbrella', 'tangerine', 'lighthouse', 'peach', 'saddle'],
        ...{ address: '10.20.3.42', askedMs: nowMs - 120_000, endsMs: nowMs + 3 * hourMs },
      },
      {
        ...{ askId: idOf(7, 3), state: 'refused', place: 'Nobody knows', decidedBy: by },
        words: ['velvet', 'igloo', 'raven', 'melon', 'daisy'],
        ...{ address: '10.99.0.7', askedMs: nowMs - hourMs, endsMs: nowMs + hourMs },
      },
    ],
  })

export const inventEnrolTokens = (nowMs: number) =>
  enrolTokensPage.parse({
    tokens: [
      {
        ...{ tokenId: 'a'.repeat(64), zoneId: '4-west', state: 'good', usesLeft: 5, uses: 12 },
        ...{ madeMs: nowMs - hourMs, madeBy: by, expiresMs: nowMs + 7 * hourMs },
        addresses: ['10.20.0.0/16'],
      },
      {
        ...{ tokenId: 'b'.repeat(64), zoneId: 'pharmacy', state: 'used-up', usesLeft: 0, uses: 1 },
        ...{ madeMs: nowMs - hourMs, madeBy: 'token init', expiresMs: nowMs + hourMs },
        reissueOf: workstationIdOf(3),
      },
    ],
  })

export const inventMinted = (nowMs: number) =>
  tokenMinted.parse({
    ...{ token: 'wke_not-a-real-one', expiresMs: nowMs + 24 * hourMs, caSha256: 'c'.repeat(64) },
  })
