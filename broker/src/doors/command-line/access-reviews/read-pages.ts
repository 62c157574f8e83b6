// Access reviews and their entries, page after page until there is no more: a command shows the
// whole, or nothing.

import { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import type { CampaignsPage, CampaignShown } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import type { ReviewItem, ReviewItems } from '@wardkey/protocol/admin/access-reviews/entries'
import type { AdminClient } from '../admin-client.ts'

export interface Some {
  readonly state?: string
  readonly person?: string
}

const path = '/access-reviews'

export async function allReviews(client: AdminClient): Promise<readonly CampaignShown[]> {
  const all: CampaignShown[] = []
  for (let after = ''; ;) {
    const query = queryOf({ after })
    const page: CampaignsPage = await client.ask('GET', `${path}?${query}`, campaign.page)
    all.push(...page.campaigns)
    if (page.next === undefined) return all
    after = page.next
  }
}

export async function allEntries(
  id: string,
  { state = '', person = '' }: Some,
  client: AdminClient,
): Promise<Pick<ReviewItems, 'campaign' | 'items'>> {
  const all: ReviewItem[] = []
  for (let after = ''; ;) {
    const query = queryOf({ after, state, person })
    const one = `${path}/${encodeURIComponent(id)}?${query}`
    const page: ReviewItems = await client.ask('GET', one, entry.page)
    all.push(...page.items)
    if (page.next === undefined) return { campaign: page.campaign, items: all }
    after = page.next
  }
}

function queryOf(asked: Readonly<Record<string, string>>): string {
  const given = Object.entries(asked).filter(([, value]) => value !== '')
  return new URLSearchParams([['limit', '500'], ...given]).toString()
}
